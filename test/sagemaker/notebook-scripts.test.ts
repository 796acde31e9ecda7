import { spawnSync } from 'child_process';
import { join } from 'path';
import { isAlive, NotebookSandbox } from './support/notebook-sandbox';
import { runtimePython, shellcheck } from '../../build-tools/runtime-python';
import { ENDPOINT_SETTINGS } from '../../src/contract/data';
import { onStartScript } from '../../src/sagemaker/notebook-script';
import { notebookSettings } from '../../src/sagemaker/notebook-settings';

const MINUTE = 60;
const SCRIPT = onStartScript(notebookSettings({ name: 'falcon', kind: 'realtime' }, { idleMinutes: 60, configName: 'falcon-config' }));
const failed = (reason: string) => ({ out: JSON.stringify({ EndpointStatus: 'Failed', FailureReason: reason }) });
const error = (text: string) => ({ error: `\n${text}`, code: 254 });
const at = (secondsAgo: number) => new Date(Date.now() - secondsAgo * 1000).toISOString();

async function until<T>(find: () => T | undefined): Promise<T> {
  for (let round = 0; round < 300; round++) {
    const found = find();
    if (found !== undefined) return found;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  throw new Error('it never came');
}

describe('the script of a start', () => {
  const longest = onStartScript(notebookSettings(
    { name: 'n'.repeat(63), kind: 'component' }, { idleMinutes: 10_080, configName: 'c'.repeat(63) },
  ));

  test('is one that SageMaker takes, with the longest names', () => {
    expect(Buffer.from(longest).toString('base64').length).toBeLessThanOrEqual(ENDPOINT_SETTINGS.notebook.maxScriptCharacters);
    expect(longest).toMatch(/^#!\/bin\/bash\n/);
    expect(longest).not.toContain('\r');
  });

  test('and the loop that it leaves behind have no fault that shellcheck finds', () => {
    const loop = /<<'LOOP'\n([^]*?)LOOP\n/.exec(longest)![1];
    for (const input of [longest, `#!/bin/bash\n${loop}`]) {
      const { stdout, status } = spawnSync(shellcheck(), ['--severity=style', '-'], { input, encoding: 'utf8' });
      expect(stdout).toBe('');
      expect(status).toBe(0);
    }
    expect(spawnSync(shellcheck(), ['-'], { input: '#!/bin/bash\nrm $1\n', encoding: 'utf8' }).status).toBe(1);
  });

  test('writes Python that the oldest interpreter of an instance reads', () => {
    const input = /<<'WATCHER'\n([^]*?)WATCHER\n/.exec(longest)![1];
    const parse = 'import ast, sys; ast.parse(sys.stdin.read(), feature_version=(3, 7))';
    const { status, stderr } = spawnSync(join(runtimePython(), 'python'), ['-c', parse], { input });
    expect([status, String(stderr)]).toEqual([0, '']);
  });
});

describe('an instance', () => {
  const box = new NotebookSandbox(SCRIPT);
  beforeEach(() => box.reset());
  afterAll(() => box.remove());

  test('starts at once, even where nothing answers, and looks from the background', async () => {
    box.answer('aws-describe-endpoint', { seconds: 20 });
    expect(box.start()).toBeLessThan(5000);
    expect(await until(() => box.status())).toMatchObject({
      endpoint: 'falcon', region: 'eu-west-1', status: 'Unknown', kind: 'unknown', reason: expect.stringMatching(/timed out/),
    });
    expect(box.calls('aws')[0]).toMatch(/^aws sagemaker describe-endpoint --endpoint-name falcon --region eu-west-1 /);
  });

  test('that starts again has one loop, a new one, and is as if just used', async () => {
    box.start();
    const first = box.loop()!;
    box.look(59 * MINUTE);
    box.start();
    expect(box.loop()).toEqual(expect.any(Number));
    expect(box.loop()).not.toBe(first);
    await until(() => box.read('opt/plumbline/state.json'));
    expect(Date.parse(box.look().stopsAt) - Date.now()).toBeGreaterThan(59 * MINUTE * 1000);
    expect(isAlive(first)).toBe(false);
  });

  test.each<[string, Parameters<NotebookSandbox['answer']>[1], string]>([
    ['serves', { out: '{"EndpointStatus":"InService"}' }, 'ready'],
    ['is made', { out: '{"EndpointStatus":"Creating"}' }, 'waiting'],
    ['found no instance', failed('Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error.'),
      'capacity'],
    ['is over its quota', failed('ResourceLimitExceeded: The account-level service limit for ml.g5.2xlarge is 0'), 'quota'],
    ['has a model that does not start', failed('The primary container did not pass the ping health check.'), 'fault'],
    ['serves, after an update that found no instance',
      { out: '{"EndpointStatus":"InService","FailureReason":"CapacityError: none"}' }, 'capacity'],
    ['is not there', error('An error occurred (ValidationException): Could not find endpoint "arn:aws:sagemaker:x".'), 'missing'],
    ['may not be seen', error('An error occurred (AccessDeniedException): not authorized'), 'unknown'],
    ['is told of in no JSON', { out: '<html>' }, 'unknown'],
  ])('tells of an endpoint that %s', (_case, answer, kind) => {
    box.answer('aws-describe-endpoint', answer);
    const status = box.look();
    expect([status.kind, status.advice.length > 5]).toEqual([kind, true]);
    const [{ source }, { source: code }] = box.page().cells;
    expect(source).toContain(`# falcon: ${status.status}\n\n${status.advice}`);
    expect(source).toContain(status.reason.replace(/\s+/g, ' '));
    expect(code).toContain('invoke_endpoint(EndpointName=\'falcon\'');
    expect(box.page()).toMatchObject({ nbformat: 4, nbformat_minor: 4 });
  });

  test('writes as the user, and its page only when the status changed', () => {
    expect(box.calls('runuser').every(call => / -u ec2-user -- /.test(call))).toBe(true);
    box.look();
    const before = box.page().cells[0].source;
    box.answer('aws-describe-endpoint', { out: '{"EndpointStatus":"Updating"}' });
    box.look();
    expect(before).toMatch(/InService/);
    expect(box.page().cells[0].source).toMatch(/Updating/);
  });

  const STOPS = 'aws sagemaker stop-notebook-instance --notebook-instance-name own --region eu-west-1';

  test.each<[string, string, number, boolean]>([
    ['nobody for an hour', '[]', 60, true],
    ['nobody for less', '[]', 59, false],
    ['a cell that runs', '[{"execution_state":"busy","last_activity":"2020-01-01T00:00:00.000000Z"}]', 600, false],
    ['work a minute ago', `[{"execution_state":"idle","last_activity":"${at(60)}"}]`, 600, false],
    ['work two hours ago', `[{"execution_state":"idle","last_activity":"${at(7200)}"},7]`, 600, true],
    ['an activity that cannot be read', '[{"execution_state":"idle","last_activity":"yesterday"}]', 600, true],
    ['a Jupyter that speaks no JSON', '<html>', 600, true],
  ])('with %s stops or not', (_case, kernels, idleMinutes, stops) => {
    box.answer('curl-kernels', { out: kernels });
    expect(box.look(idleMinutes * MINUTE).stopping).toBe(stops ? true : undefined);
    expect(box.calls('aws sagemaker stop-notebook').map(call => call.startsWith(STOPS))).toEqual(stops ? [true] : []);
  });

  test('counts a terminal, and nobody where Jupyter does not answer', () => {
    box.answer('curl-terminals', { out: `[{"name":"1","last_activity":"${at(30)}"}]` });
    expect(box.look(600 * MINUTE).stopping).toBeUndefined();
    for (const what of ['kernels', 'terminals']) box.answer(`curl-${what}`, { error: 'connection refused', code: 7 });
    expect(box.look(61 * MINUTE).stopping).toBe(true);
  });

  test('that SageMaker does not stop says so, and tries again at the next look', () => {
    box.answer('aws-stop-notebook-instance', error('An error occurred (ThrottlingException): Rate exceeded'));
    expect(box.look(60 * MINUTE).stopFault).toMatch(/Rate exceeded/);
    box.look();
    expect(box.calls(STOPS)).toHaveLength(2);
  });

  test('makes a missing endpoint where it may, once in ten minutes, and says what hinders it', () => {
    box.answer('aws-describe-endpoint', error('Could not find endpoint'));
    box.answer('aws-create-endpoint', error('An error occurred (ResourceLimitExceeded): the limit is 0'));
    for (let look = 0; look < 3; look++) expect(box.look()).toMatchObject({ status: 'Missing', kind: 'quota' });
    expect(box.calls('aws sagemaker create-endpoint')).toEqual([
      expect.stringMatching(/ --endpoint-name falcon --endpoint-config-name falcon-config --region eu-west-1 /),
    ]);
    box.reset();
    box.answer('aws-describe-endpoint', error('Could not find endpoint'));
    box.answer('aws-create-endpoint', error('An error occurred (AccessDeniedException): not authorized to perform: kms:CreateGrant'));
    expect(box.look()).toMatchObject({
      status: 'Missing', kind: 'refused', reason: expect.stringContaining('kms:CreateGrant'), advice: expect.stringMatching(/role.*key/),
    });
    box.reset();
    box.answer('aws-describe-endpoint', error('Could not find endpoint'));
    box.tell({ config: undefined });
    expect(box.look().kind).toBe('missing');
    expect(box.calls('aws sagemaker create-endpoint')).toEqual([]);
  });
});
