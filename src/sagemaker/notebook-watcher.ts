/**
 * What a notebook instance runs once a minute: Python, of the standard library alone, for the system's own interpreter (3.7 and later).
 *
 * Root runs it, so that the user of the notebook cannot end it by accident. What it writes into the user's folder it writes as the user:
 * a link that the user put there leads to nothing that is root's.
 */
export const NOTEBOOK_WATCHER = String.raw`"""Watches one endpoint, and stops this notebook instance when nobody works on it."""
import json
import os
import subprocess
import sys
import time
from datetime import datetime, timezone

HOME = '/opt/plumbline'
FOLDER = '/home/ec2-user/SageMaker/plumbline'
JUPYTER = 'https://localhost:8443/api/'
MOVING = ('Creating', 'Updating', 'SystemUpdating', 'RollingBack', 'Deleting')


def parsed(text):
    try:
        return json.loads(text)
    except ValueError:
        return None


def loaded(path, fallback):
    try:
        with open(path, encoding='utf-8') as file:
            return json.load(file)
    except (OSError, ValueError):
        return fallback


SETTINGS = loaded(HOME + '/settings.json', {})


def run(*command, **options):
    try:
        return subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, timeout=45, **options)
    except (OSError, subprocess.SubprocessError) as fault:
        return subprocess.CompletedProcess(command, 1, '', str(fault))


def fault_of(answer):
    lines = answer.stderr.strip().splitlines()
    return lines[-1][:1000] if lines else 'ended with ' + str(answer.returncode)


def sagemaker(region, command, *arguments):
    waits = ('--cli-connect-timeout', '5', '--cli-read-timeout', '20')
    return run('aws', 'sagemaker', command, *arguments, '--region', region, '--output', 'json', *waits)


def look(region):
    """The status of the endpoint, and why it is so."""
    answer = sagemaker(region, 'describe-endpoint', '--endpoint-name', SETTINGS['endpoint'])
    if answer.returncode != 0:
        fault = fault_of(answer)
        return ('Missing' if 'could not find' in fault.lower() else 'Unknown'), fault
    found = parsed(answer.stdout)
    if not isinstance(found, dict) or not found.get('EndpointStatus'):
        return 'Unknown', 'describe-endpoint answered no JSON with an EndpointStatus'
    return found['EndpointStatus'], found.get('FailureReason') or ''


def kind_of(status, reason):
    if status in ('Missing', 'Unknown'):
        return status.lower()
    if not reason and status == 'InService':
        return 'ready'
    if not reason and status in MOVING:
        return 'waiting'
    return failure_of(reason, 'fault')


def failure_of(reason, otherwise):
    for failure in SETTINGS['failures']:
        if any(mark.lower() in reason.lower() for mark in failure['marks']):
            return failure['kind']
    return otherwise


def deploy(region, state, now):
    """Makes the endpoint that is not there, at most every ten minutes; what went wrong otherwise."""
    if not SETTINGS.get('config') or now - state.get('deployedAt', 0) < 600:
        return state.get('deployFault', '')
    names = ('--endpoint-name', SETTINGS['endpoint'], '--endpoint-config-name', SETTINGS['config'])
    answer = sagemaker(region, 'create-endpoint', *names)
    state['deployedAt'] = now
    state['deployFault'] = '' if answer.returncode == 0 else fault_of(answer)
    return state['deployFault']


def moment(text):
    for form in ('%Y-%m-%dT%H:%M:%S.%fZ', '%Y-%m-%dT%H:%M:%SZ'):
        try:
            return datetime.strptime(str(text).replace('+00:00', 'Z'), form).replace(tzinfo=timezone.utc).timestamp()
        except ValueError:
            pass
    return 0


def last_activity(now):
    """When Jupyter last saw somebody work; 0 where it does not say."""
    newest = 0
    for what in ('kernels', 'terminals'):
        answer = run('curl', '--silent', '--show-error', '--fail', '--insecure', '--max-time', '10', JUPYTER + what)
        entries = parsed(answer.stdout) if answer.returncode == 0 else None
        for entry in entries if isinstance(entries, list) else []:
            if not isinstance(entry, dict):
                continue
            if entry.get('execution_state') == 'busy':
                return now
            newest = max(newest, moment(entry.get('last_activity')))
    return newest


def iso(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ')


def watch():
    own = loaded('/opt/ml/metadata/resource-metadata.json', {})
    region, name = (own.get('ResourceArn', '') + ':::').split(':')[3], own.get('ResourceName', '')
    now = int(time.time())
    state = loaded(HOME + '/state.json', {})
    status, reason = look(region)
    kind = kind_of(status, reason)
    if status == 'Missing':
        fault = deploy(region, state, now)
        if fault:
            reason, kind = fault, failure_of(fault, 'refused')
    state['last'] = min(now, max(state.get('last', now), last_activity(now)))
    stops_at = state['last'] + SETTINGS['idleMinutes'] * 60
    keep(HOME + '/state.json', json.dumps(state))
    report = {
        'endpoint': SETTINGS['endpoint'], 'region': region, 'status': status, 'kind': kind, 'reason': reason,
        'advice': SETTINGS['advice'].get(kind, ''), 'checkedAt': iso(now), 'lastActivity': iso(state['last']), 'stopsAt': iso(stops_at),
    }
    if now >= stops_at:
        report['stopping'] = True
        answer = sagemaker(region, 'stop-notebook-instance', '--notebook-instance-name', name)
        if answer.returncode != 0:
            report['stopFault'] = fault_of(answer)
            print(iso(now), 'the instance does not stop:', report['stopFault'], flush=True)
    answer = run('runuser', '-u', 'ec2-user', '--', sys.executable, HOME + '/watch.py', 'write', input=json.dumps(report))
    if answer.returncode != 0:
        print(iso(now), 'the status was not written:', fault_of(answer), flush=True)


def keep(path, text):
    """Nobody ever reads half a file."""
    with open(path + '.new', 'w', encoding='utf-8') as file:
        file.write(text)
    os.replace(path + '.new', path)


def notebook(report):
    why = '\n\n> ' + ' '.join(report['reason'].split()) if report['reason'] else ''
    text = '# {endpoint}: {status}\n\n{advice}{why}\n\nThe instance writes this page anew when the status changes.'
    cells = [('markdown', text.format(why=why, **report))] + [('code', code) for code in SETTINGS['cells']]
    return {
        'nbformat': 4,
        'nbformat_minor': 4,
        'metadata': {'kernelspec': {'display_name': 'conda_python3', 'language': 'python', 'name': 'conda_python3'}},
        'cells': [
            dict({'cell_type': kind, 'metadata': {}, 'source': source},
                 **({'execution_count': None, 'outputs': []} if kind == 'code' else {}))
            for kind, source in cells
        ],
    }


def write(report):
    os.makedirs(FOLDER, exist_ok=True)
    before = loaded(FOLDER + '/status.json', {})
    page = FOLDER + '/status.ipynb'
    shown = ('endpoint', 'status', 'kind', 'reason')
    if not os.path.exists(page) or any(before.get(key) != report[key] for key in shown):
        keep(page, json.dumps(notebook(report), indent=1))
    keep(FOLDER + '/status.json', json.dumps(report, indent=2) + '\n')


if sys.argv[1:] == ['write']:
    write(json.load(sys.stdin))
else:
    watch()
`;
