import { execFileSync } from 'child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { oldestPython, runtimePython } from '../../build-tools/runtime-python';
import { buildRuntimeWheel } from '../../build-tools/runtime-wheel';
import { PIP, pipOf } from '../../build-tools/virtual-environment';
import { readmeBlock } from '../../local-stage/readme-stack/readme-block';

const PAGE = readFileSync(join(__dirname, '../../docs/unit-tests-python.md'), 'utf8');
const BLOCK = /^(?:<!-- file: (\S+) -->\n)?```python\n([^]*?)^```$/gm;
const PYTHON = join(runtimePython(), 'python');

jest.setTimeout(180_000);

let folder: string;
let installed: string;

/** A project with the page's files, and the wheel as a user installs it. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plumbline-python-page-'));
  installed = join(folder, 'installed');
  mkdirSync(join(folder, 'project'));
  for (const [, file, code] of PAGE.matchAll(BLOCK)) writeFileSync(join(folder, 'project', file), code);
  const wheel = buildRuntimeWheel(join(folder, 'wheel'));
  execFileSync(pipOf(oldestPython()), [...PIP, 'install', '--quiet', '--no-deps', '--no-compile', '--target', installed, wheel]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function python(...args: string[]): string {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(AWS_|PLUMBLINE_|PYTHON)/.test(name));
  const env = { ...Object.fromEntries(inherited), PYTHONPATH: installed, PYTHONDONTWRITEBYTECODE: '1' };
  try {
    return execFileSync(PYTHON, args, { cwd: join(folder, 'project'), env, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${args.join(' ')} failed:\n${stdout}\n${stderr}`);
  }
}

test('the tests on the page pass, with the wheel', () => {
  expect(python('-m', 'pytest', '--quiet', '-p', 'no:cacheprovider')).toMatch(/^4 passed/m);
});

test('the handler of the README runs', () => {
  const program = `
import os
os.environ |= {"AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "MODEL_ID": "amazon.nova-lite-v1:0"}
${readmeBlock('python-handler')}
from botocore.stub import Stubber
from test_handler import says
with Stubber(bedrock) as stubber:
    stubber.add_response("converse", says("Akira"))
    print(handler({"body": '{"question": "Which manga?"}'}, None))`;
  expect(python('-c', program).trim().split('\n').at(-1)).toBe("{'answer': 'Akira'}");
});

test('the runtime is that of the wheel, of the version of the library, typed, and with its contract', () => {
  const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as { version: string };
  const program = [
    'import plumbline, pathlib, importlib.metadata',
    'home = pathlib.Path(plumbline.__file__).parent',
    'print(home)',
    'print(importlib.metadata.version("plumbline-runtime"))',
    'print((home / "py.typed").exists(), (home / "contract_data" / "metric-catalog.json").exists())',
  ].join('\n');
  expect(python('-c', program).trim().split('\n')).toEqual([join(installed, 'plumbline'), version, 'True True']);
});
