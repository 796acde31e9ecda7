import { execFileSync } from 'child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { delimiter, join } from 'path';
import { BedrockControlPlane } from '../../local-stage/emulator/bedrock-control-plane';
import { eventsOf, functionLog } from '../../local-stage/emulator/function-log';

const EMULATOR = join(__dirname, '..', '..', 'local-stage', 'emulator');
const PRELOAD = join(EMULATOR, 'opt-layers.cjs');

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'local-stage-emulator-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('Bedrock\'s control plane', () => {
  const asked: string[][] = [];
  let plane: BedrockControlPlane;

  beforeAll(async () => {
    plane = await BedrockControlPlane.start(async (role, action) => {
      asked.push([role, action]);
      if (role === 'broken') throw new Error('no simulator');
      return role === 'may';
    });
  });
  afterAll(() => plane.stop());

  async function list(role: string): Promise<{ status: number; type: string | null; body: string }> {
    const { 'Fn::Join': [, parts] } = plane.endpointFor(role) as { 'Fn::Join': [string, string[]] };
    const response = await fetch(`${parts.join('')}/foundation-models`);
    return { status: response.status, type: response.headers.get('x-amzn-errortype'), body: await response.text() };
  }

  test('lists models to a role that may list them', async () => {
    expect(await list('may')).toEqual({ status: 200, type: null, body: '{"modelSummaries":[]}' });
    expect(asked).toContainEqual(['may', 'bedrock:ListFoundationModels']);
  });

  test('denies another, and names the role as Bedrock does', async () => {
    const { status, type, body } = await list('may-not');
    expect({ status, type }).toEqual({ status: 403, type: 'AccessDeniedException' });
    expect(body).toContain('assumed-role/may-not/');
  });

  test('neither allows nor denies when nobody can decide', async () => {
    expect(await list('broken')).toMatchObject({ status: 503, type: 'ServiceUnavailableException' });
  });
});

describe('the preload of the emulator\'s Node processes', () => {
  function run(code: string, env: Record<string, string>): string {
    return execFileSync(process.execPath, ['--require', PRELOAD, '-e', code], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  }

  function layer(name: string, file: string, text: string): string {
    mkdirSync(join(folder, name, 'nodejs', 'plumbline'), { recursive: true });
    writeFileSync(join(folder, name, 'nodejs', 'plumbline', file), text);
    return join(folder, name);
  }

  test('finds /opt in the layers of the function, the first of them first', () => {
    const layers = [
      layer('one', 'a.js', 'module.exports = "one"'),
      layer('two', 'a.js', 'module.exports = "two"'),
      layer('two', 'b.mjs', ''),
    ];
    const env = { _LAMBDA_LAYERS_DIRS: [...new Set(layers)].join(delimiter) };
    expect(run('console.log(require("/opt/nodejs/plumbline/a"))', env)).toBe('one');
    expect(run('console.log(require.resolve("/opt/nodejs/plumbline/b"))', env)).toBe(join(folder, 'two/nodejs/plumbline/b.mjs'));
  });

  test('a folder is not taken for a module, and what no layer has stays unknown', () => {
    const env = { _LAMBDA_LAYERS_DIRS: layer('one', 'a.js', '') };
    const code = 'try { require("/opt/nodejs/plumbline") } catch (error) { console.log(error.code) }';
    expect(run(code, env)).toBe('MODULE_NOT_FOUND');
    expect(run(code, { _LAMBDA_LAYERS_DIRS: '' })).toBe('MODULE_NOT_FOUND');
  });

  test('keeps what the function writes, also when it ends badly', () => {
    const env = { LOCAL_STAGE_LOGS: folder, AWS_LAMBDA_FUNCTION_NAME: 'chat' };
    const code = 'process.stderr.write(\'{"event":"one","n":1}\\nnot JSON\\n{"event":"two"}\\nnull\\n\'); process.exit(1)';
    expect(() => run(code, env)).toThrow();
    expect(readFileSync(join(folder, 'chat.log'), 'utf8')).toContain('not JSON');
    expect(functionLog(folder, 'chat')).toEqual([{ event: 'one', n: 1 }, { event: 'two' }]);
    expect(eventsOf(functionLog(folder, 'chat'), 'one')).toEqual([{ event: 'one', n: 1 }]);
    expect(functionLog(folder, 'never-called')).toEqual([]);
  });
});

test('the preload of the emulator\'s Python processes keeps what the function writes, also when it ends badly', () => {
  const code = 'import sys; sys.stdout = sys.stderr; print(\'{"event":"one"}\'); raise SystemExit("the end")';
  const env = { ...process.env, PYTHONPATH: join(EMULATOR, 'python-functions'), PYTHONDONTWRITEBYTECODE: '1', LOCAL_STAGE_LOGS: folder };
  const run = (further: Record<string, string>): unknown =>
    execFileSync('python3', ['-c', code], { env: { ...env, ...further }, stdio: 'pipe' });
  expect(() => run({ AWS_LAMBDA_FUNCTION_NAME: 'cart' })).toThrow('the end');
  expect(functionLog(folder, 'cart')).toEqual([{ event: 'one' }]);
  expect(readFileSync(join(folder, 'cart.log'), 'utf8')).toContain('the end');
  // The emulator itself is no function.
  expect(() => run({})).toThrow('the end');
  expect(readdirSync(folder)).toEqual(['cart.log']);
});

test('a program of a Python layer runs from the folder of the layer, also when it starts again; others run as they are', () => {
  const program = join(folder, 'layer', 'awscli', 'aws');
  mkdirSync(join(folder, 'layer', 'awscli'), { recursive: true });
  writeFileSync(program, '#!/var/lang/bin/python\nimport sys; print("from the layer", sys.argv[1:])\n');
  const calls = '(["/opt/awscli/aws", "one"], ["/opt/awscli/aws", "two"], ["echo", "other"])';
  const code = `import subprocess as s; [s.check_call(a) for a in ${calls}]`;
  const run = (command: string) => execFileSync('python3', ['-c', command], {
    env: {
      ...process.env,
      PYTHONPATH: join(EMULATOR, 'python-functions'),
      _LAMBDA_LAYERS_DIRS: [join(folder, 'none'), join(folder, 'layer')].join(delimiter),
    },
    encoding: 'utf8',
    stdio: 'pipe',
  });
  expect(run(code)).toBe('from the layer [\'one\']\nfrom the layer [\'two\']\nother\n');
  expect(() => run('import subprocess as s; s.check_call(["/opt/awscli/absent"])')).toThrow('/opt/awscli/absent');
});
