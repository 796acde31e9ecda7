import { spawn, type ChildProcess } from 'child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'fs';
import { createServer, type AddressInfo } from 'net';
import { tmpdir } from 'os';
import { join } from 'path';
import { setTimeout as pause } from 'timers/promises';
import { isLayerCurrent } from '../../build-tools/runtime-layer';
import { localEnvironment } from '../../local-stage/emulator/local-environment';
import { parseOptions } from '../../local-stage/options';
import { DemoReport, IncidentReport, allAsExpected } from '../../local-stage/report/demo-report';
import { paletteFor } from '../../local-stage/report/palette';
import { platformsAsExpected, platformsText } from '../../local-stage/report/platforms-report';
import { textReport } from '../../local-stage/report/text-report';
import { LOOPBACK, freePort } from '../../local-stage/system/ports';

const ROOT = join(__dirname, '..', '..');
const TSX = join(ROOT, 'node_modules', '.bin', 'tsx');

const scratch = mkdtempSync(join(tmpdir(), 'local-stage-test-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('the command line', () => {
  test('without anything: a report for people, on any free port', () => {
    expect(parseOptions([])).toEqual({ json: false, help: false, platforms: false });
  });

  test('--json --port 4566', () => {
    expect(parseOptions(['--json', '--port', '4566'])).toEqual({ json: true, help: false, platforms: false, port: 4566 });
  });

  test('--platforms --out: the picture goes where it was asked for', () => {
    const out = join(scratch, 'picture.jpg');
    expect(parseOptions(['--platforms', '--out', out])).toEqual({ json: false, help: false, platforms: true, out });
  });

  test.each([
    ['without --platforms', ['--out', 'a.jpg'], /^--out is for the picture, which only --platforms makes\. Add --platforms/],
    ['of nothing', ['--platforms', '--out='], /^--out "" is no file\. Name one/],
    ['of a folder', ['--platforms', '--out', scratch], /^--out "[^"]+" is no file\. Name one/],
    ['in no folder', ['--platforms', '--out', join(scratch, 'no', 'a.jpg')], /there is no folder .+\/no\. Make it first\.$/],
  ])('--out %s is refused before anything is started', (_case, args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });

  test.each([['0'], ['65536'], ['-1'], ['4566x'], ['1e3'], [''], ['4566.0']])('--port "%s" is refused with an example', port => {
    expect(() => parseOptions([`--port=${port}`])).toThrow(/is not a port\. Give a whole number from 1 to 65535/);
  });

  test.each([[['--prot', '1']], [['now']], [['--port']], [['--json=yes']]])('%j is refused in one line that says what is allowed', args => {
    expect(() => parseOptions(args)).toThrow(/^[^\n]+ Allowed: --json, --platforms, --out FILE, --port N, --help\.$/);
  });

  test('a mistake ends the command with exit code 2, one line and nothing on standard output', async () => {
    const { code, stdout, stderr } = await run(TSX, [join(ROOT, 'local-stage/demo.ts'), '--prot']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(/^demo: .*Allowed: /)]);
  });
});

describe('the port', () => {
  test('any free one, when none is wished', async () => {
    expect(await freePort()).toBeGreaterThan(1023);
  });

  test('a busy one is refused in one line with the way out', async () => {
    const server = createServer();
    await new Promise<void>(resolve => server.listen(0, LOOPBACK, resolve));
    const { port } = server.address() as AddressInfo;
    try {
      await expect(freePort(port)).rejects.toThrow(
        new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is in use\\. Name another one with --port[^\\n]+$`),
      );
    } finally {
      server.close();
    }
    await expect(freePort(port)).resolves.toBe(port);
  });
});

describe('the environment of what the demo starts', () => {
  test('holds nothing that leads to a real account', () => {
    const before = { ...process.env };
    Object.assign(process.env, {
      AWS_PROFILE: 'production',
      AWS_SESSION_TOKEN: 'real',
      AWS_ACCESS_KEY_ID: 'AKIAREAL',
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
      CDK_DEFAULT_ACCOUNT: '1',
    });
    try {
      const { PATH, AWS_ENDPOINT_URL, ...environment } = localEnvironment('http://127.0.0.1:1');
      expect({ PATH, AWS_ENDPOINT_URL }).toEqual({ PATH: process.env.PATH, AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });
      expect(environment.AWS_SHARED_CREDENTIALS_FILE).toBe('/dev/null');
      expect(
        Object.entries(environment).filter(
          ([name, value]) => /^(AWS|CDK)_/.test(name) && before[name] !== process.env[name] && value === process.env[name],
        ),
      ).toEqual([]);
      expect(Object.keys(environment)).not.toEqual(expect.arrayContaining(['AWS_PROFILE']));
    } finally {
      process.env = before;
    }
  });
});

describe('the runtime layer', () => {
  const layer = join(scratch, 'layer.js');
  const source = join(scratch, 'source.ts');
  beforeAll(() => [layer, source].forEach(file => writeFileSync(file, '')));

  test.each([
    ['older than its sources', 100, 200, false],
    ['newer than its sources', 200, 100, true],
  ])('%s', (_case, layerTime, sourceTime, current) => {
    utimesSync(layer, layerTime, layerTime);
    utimesSync(source, sourceTime, sourceTime);
    expect(isLayerCurrent(layer, [source])).toBe(current);
  });

  test('not built', () => {
    expect(isLayerCurrent(join(scratch, 'absent'), [source])).toBe(false);
  });
});

describe('clean-up', () => {
  const SCRIPT = `
    import { mkdtempSync, rmSync } from 'fs';
    import { CleanUp } from '${ROOT}/local-stage/system/clean-up';
    import { Programs } from '${ROOT}/local-stage/system/programs';
    async function main() {
      const cleanUp = new CleanUp();
      cleanUp.onSignals(signal => console.log(signal));
      const folder = mkdtempSync('${scratch}/run-');
      cleanUp.add(() => rmSync(folder, { recursive: true }));
      cleanUp.add(() => { throw new Error('this one fails'); });
      const programs = new Programs();
      cleanUp.add(() => programs.stop());
      const ignoring = programs.start('sh', ['-c', 'trap "" TERM; sleep 300 & echo $!; wait; sleep 300']);
      ignoring.stdout.once('data', text => console.log(JSON.stringify({ folder, pids: [ignoring.pid, Number(text)] })));
      if (process.argv[2] === 'failing') { setTimeout(() => cleanUp.run(), 500); return; }
      setInterval(() => undefined, 1000);
    }
    void main();`;
  const script = join(scratch, 'script.ts');
  beforeAll(() => writeFileSync(script, SCRIPT));

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('after %s nothing is left, and the exit code tells', async (signal, code) => {
    const { child, folder, pids } = await started([script]);
    expect([existsSync(folder), ...pids.map(isAlive)]).toEqual([true, true, true]);
    const announced: string[] = [];
    child.stdout!.on('data', text => announced.push(String(text)));
    child.kill(signal);
    // A terminal sends it to npm and to the demo, and npm passes it on.
    await pause(200);
    child.kill(signal);
    expect(await ended(child)).toBe(code);
    expect(announced.join('').trim()).toBe(signal);
    expect([existsSync(folder), ...pids.map(isAlive)]).toEqual([false, false, false]);
  });

  test('after a failed step nothing is left, although one part of the clean-up fails', async () => {
    const { child, folder, pids } = await started([script, 'failing']);
    expect(await ended(child)).toBe(0);
    expect([existsSync(folder), ...pids.map(isAlive)]).toEqual([false, false, false]);
  });

  async function started(args: readonly string[]): Promise<{ child: ChildProcess; folder: string; pids: number[] }> {
    // Without the launcher of tsx, so that the signal reaches the script itself.
    const child = spawn(process.execPath, ['--import', 'tsx', ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] });
    const line = await new Promise<string>(resolve => child.stdout!.once('data', text => resolve(String(text))));
    return { child, ...JSON.parse(line) as { folder: string; pids: number[] } };
  }
});

describe('the report', () => {
  const incident: IncidentReport = {
    name: 'Raw traceback',
    story: 'A story.',
    observations: [{ moment: 'run', claim: 'an envelope', evidence: ['500 {}'], asExpected: true }],
    outcome: { where: 'run', how: 'an envelope' },
    without: { moment: 'run', claim: 'a traceback', evidence: ['500 at …'], asExpected: true },
  };
  const report: DemoReport = {
    ok: true,
    seconds: 61.2,
    checks: [{ pack: 'AwsSolutions', findings: 0 }],
    deployedResources: 80,
    functionsRunOn: 'Node v24.0.0 and Python 3.14.0',
    leftOut: [{ type: 'AWS::SageMaker::Endpoint', logicalId: 'Falcon' }],
    readme: { deployedResources: 40, ringingWhileIdle: [] },
    container: { moment: 'run', claim: 'metrics', evidence: ['Shop/Latency EndToEndMs: there'], asExpected: true },
    requests: [{ request: 'POST /chat', expected: '200 success', seen: '200 success', milliseconds: 12, asExpected: true }],
    prompts: [{ moment: 'run', claim: 'one session sees one version', evidence: ['session-1 → 1.1.0'], asExpected: true }],
    incidents: [incident],
  };
  const plain = paletteFor({ isTTY: false });

  test('of the platforms is fine only when every request and every page is, and names what failed and the picture', () => {
    const good = report.requests[0];
    const bad = { ...good, request: 'GET /', seen: '403', asExpected: false };
    const show = { requests: [good], pages: [good], answer: '{}' };
    expect([show, { ...show, requests: [good, bad] }, { ...show, pages: [bad] }].map(one => platformsAsExpected([show, one])))
      .toEqual([true, false, false]);
    const deployed = { name: 'Image', example: 'examples/a', deployedResources: 7, leftOut: [] };
    const platform = { ...show, ...deployed, pages: [bad], picture: '/tmp/a.jpg' };
    const text = platformsText({ ok: false, seconds: 61.2, functionsRunOn: 'Node', platforms: [platform] }, plain);
    expect(text).toContain('✗ GET /  403, expected 200 success');
    expect(text).toMatch(/✓ POST \/chat[^]*The picture lies in \/tmp\/a\.jpg[^]*SageMaker is a fake[^]*Not everything[^]*It took 61 s/);
  });

  test('is fine only when checks, requests, incidents and their counterparts all are', () => {
    const broken = { moment: 'run', claim: '', evidence: [], asExpected: false } as const;
    expect(allAsExpected(report)).toBe(true);
    expect(allAsExpected({ ...report, checks: [{ pack: 'AwsSolutions', findings: 1 }] })).toBe(false);
    expect(allAsExpected({ ...report, container: { ...report.container, asExpected: false } })).toBe(false);
    expect(allAsExpected({ ...report, readme: { ...report.readme, ringingWhileIdle: ['Silent'] } })).toBe(false);
    expect(allAsExpected({ ...report, requests: [{ ...report.requests[0], asExpected: false }] })).toBe(false);
    expect(allAsExpected({ ...report, prompts: [broken] })).toBe(false);
    expect(allAsExpected({ ...report, incidents: [{ ...incident, observations: [broken] }] })).toBe(false);
    expect(allAsExpected({ ...report, incidents: [{ ...incident, without: broken }] })).toBe(false);
  });

  test('names the alarms of the README\'s stack that ring while nobody calls', () => {
    expect(textReport(report, plain)).toContain('✓ the README\'s stack: 40 resources deployed; alarms that ring while nobody calls: none');
    expect(textReport({ ...report, readme: { deployedResources: 40, ringingWhileIdle: ['Silent'] } }, plain))
      .toContain('✗ the README\'s stack: 40 resources deployed; alarms that ring while nobody calls: Silent');
  });

  test('names what was checked and not deployed locally', () => {
    expect(textReport(report, plain)).toMatch(/checked, not deployed locally[^\n]*\n +AWS::SageMaker::Endpoint {2}Falcon/);
  });

  test('shows what was seen instead of what was expected', () => {
    const text = textReport(
      { ...report, ok: false, requests: [{ ...report.requests[0], seen: '502 no envelope', asExpected: false }] },
      plain,
    );
    expect(text).toContain('✗ POST /chat  502 no envelope, expected 200 success');
    expect(text).toContain('Not everything came out as expected');
  });

  test.each([
    ['a file or pipe', { isTTY: false }, {}, false],
    ['a terminal', { isTTY: true }, {}, true],
    ['a terminal, with NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }, false],
    ['a dumb terminal', { isTTY: true }, { TERM: 'dumb' }, false],
  ])('%s', (_case, stream, env, coloured) => {
    expect(textReport(report, paletteFor(stream, env)).includes('\u001b[')).toBe(coloured);
  });
});

test('the requirements are pinned, each to one version', () => {
  const lines = readFileSync(join(ROOT, 'local-stage/requirements.txt'), 'utf8').trim().split('\n');
  expect(lines.filter(line => !/^[A-Za-z0-9_.-]+==[0-9][A-Za-z0-9.]*$/.test(line))).toEqual([]);
  expect(lines.some(line => line.startsWith('ministack=='))).toBe(true);
});

async function run(program: string, args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(program, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const written = { stdout: '', stderr: '' };
  child.stdout.on('data', text => { written.stdout += String(text); });
  child.stderr.on('data', text => { written.stderr += String(text); });
  return { code: await ended(child), ...written };
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise(resolve => child.once('close', resolve));
}

/** A process that has ended and that nobody has asked about yet is not alive. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    try {
      return !existsSync('/proc/self') && process.kill(pid, 0);
    } catch {
      return false;
    }
  }
}
