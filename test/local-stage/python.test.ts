import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { isInstalled, pythonEnvironment } from '../../local-stage/emulator/python-environment';
import { Programs } from '../../local-stage/system/programs';

const ONE_LINE = /^[^\n]+$/;
const MAKES_ENVIRONMENT = 'mkdir -p "$3/bin"; cp "$0" "$3/bin/python"';

let folder: string;
let path: string | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'local-stage-python-'));
  path = process.env.PATH;
});

afterEach(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true, force: true });
});

interface FakePython {
  readonly version: string;
  /** What `-m venv` does. */
  readonly venv?: string;
  readonly pip?: string;
}

interface Machine {
  readonly state: string;
  environment(): ReturnType<typeof pythonEnvironment>;
}

/** A machine with this `python3` alone on its PATH, or with none. */
function machineWith(python?: FakePython): Machine {
  const programs = join(folder, 'bin');
  const state = join(folder, 'state');
  mkdirSync(programs, { recursive: true });
  if (python) {
    const script = join(programs, 'python3');
    writeFileSync(script, `#!/bin/sh
PATH=/usr/bin:/bin
echo "$*" >> ${folder}/calls
case "$*" in
  *version_info*) echo ${python.version} ;;
  *venv*) ${python.venv ?? MAKES_ENVIRONMENT} ;;
  *pip*) ${python.pip ?? ':'} ;;
  *ministack*) echo '{"version":"3.12.1","types":["AWS::S3::Bucket"]}' ;;
esac
`);
    chmodSync(script, 0o755);
  }
  process.env.PATH = programs;
  return { environment: () => pythonEnvironment(new Programs(), state), state };
}

test('the environment is made once, with the pinned requirements, and knows what the emulator can deploy', async () => {
  const { environment, state } = machineWith({ version: '3 12' });
  expect(isInstalled(state)).toBe(false);
  const { knownTypes, python, version } = await environment();
  expect(version).toBe('3.12.1');
  expect([...knownTypes]).toEqual(['AWS::S3::Bucket']);
  expect(isInstalled(state)).toBe(true);
  const calls = readFileSync(join(folder, 'calls'), 'utf8');
  expect(calls).toMatch(/-m pip install .*requirements\.txt/);
  expect(await environment()).toEqual({ knownTypes, python, version });
  expect(readFileSync(join(folder, 'calls'), 'utf8')).toBe(calls);
});

test('other requirements make it anew', async () => {
  const { environment, state } = machineWith({ version: '3 12' });
  await environment();
  writeFileSync(join(state, 'python', 'requirements.sha256'), 'of yesterday');
  writeFileSync(join(state, 'python', 'leftover'), '');
  await environment();
  expect(existsSync(join(state, 'python', 'leftover'))).toBe(false);
});

test('without Python: one line that says what to install', async () => {
  const { environment } = machineWith();
  await expect(environment()).rejects.toThrow(ONE_LINE);
  await expect(environment()).rejects.toThrow(/^Python was not found.* Install Python 3\.11 or newer .*apt install python3 python3-venv/);
});

test('with an old Python: one line that names it', async () => {
  const { environment } = machineWith({ version: '3 10' });
  await expect(environment()).rejects.toThrow(/^Python 3\.11 or newer is needed, and python3 is 3\.10\. Install [^\n]+$/);
});

test('without the venv module, as Debian splits it off: one line with the package, and nothing half-made', async () => {
  const { environment, state } = machineWith({ version: '3 11', venv: `${MAKES_ENVIRONMENT}; echo "ensurepip is not available."; exit 1` });
  await expect(environment()).rejects.toThrow(
    /^Python has no venv module\. Install it \(Debian and Ubuntu: apt install python3-venv\)[^\n]+$/,
  );
  expect(existsSync(join(state, 'python'))).toBe(false);
});

test('without PyPI: one line with the reason of pip, and the next run tries again', async () => {
  const { environment, state } = machineWith({
    version: '3 11',
    pip: 'echo "ERROR: No matching distribution found for ministack"; exit 1',
  });
  await expect(environment()).rejects.toThrow(
    /^pip could not install the local AWS: ERROR: No matching distribution found for ministack[^\n]+network[^\n]+$/,
  );
  expect(isInstalled(state)).toBe(false);
});
