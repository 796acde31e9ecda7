import { spawnSync } from 'child_process';
import { createHash } from 'crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'fs';
import { homedir } from 'os';
import { join } from 'path';

const ROOT = join(__dirname, '..');
const CACHE = join(ROOT, 'node_modules', '.cache', 'plumbline');
const REQUIREMENTS = join(ROOT, 'build-tools', 'python');

/** Those of Lambda that the runtime runs on, oldest first. */
const VERSIONS: readonly string[] = ['3.11', '3.12', '3.13', '3.14'];

/** The oldest Python of Lambda's that this machine has: what the runtime is checked with. */
export const oldestPython = (): string => firstOf(VERSIONS);

/** The newest Python of Lambda's that this machine has. */
export const newestPython = (): string => firstOf([...VERSIONS].reverse());

function firstOf(versions: readonly string[]): string {
  const first = versions.find(version => tryInterpreter(version) !== undefined);
  if (!first) throw new Error(`This machine has no Python of ${VERSIONS.join(', ')}: install one, with pyenv or from python.org`);
  return first;
}

/** The directory with the programs of a virtual environment that holds what the Python runtime is tested with. */
export function runtimePython(version = oldestPython()): string {
  return join(environment('runtime', version), 'bin');
}

/** The same for mutation testing, which needs more: on the newest Python, since mutmut's threads crash 3.11. */
export function mutationPython(): string {
  return join(environment('mutation', newestPython()), 'bin');
}

/** A Python with Lambda's own runtime interface client and boto3, and nothing of ours. */
export function lambdaPython(version: string): string {
  return join(environment('client', version), 'bin', 'python');
}

/** The program that finds faults in shell scripts. */
export const shellcheck = (): string => join(environment('shell', oldestPython()), 'bin', 'shellcheck');

/** Where the packages lie that the layer of the Python runtime holds. */
export function layerPackages(): string {
  const libraries = join(environment('layer', newestPython()), 'lib');
  return join(libraries, readdirSync(libraries)[0], 'site-packages');
}

/** A virtual environment with the packages of a file of requirements. Made when it is absent, and kept between runs. */
function environment(name: 'client' | 'layer' | 'mutation' | 'runtime' | 'shell', version: string): string {
  const requirements = join(REQUIREMENTS, `requirements-${name}.txt`);
  const digest = createHash('sha256').update(requirementsOf(requirements)).digest('hex').slice(0, 12);
  const home = join(CACHE, `python-${version}-${name}-${digest}`);
  // The last thing that is written: an interrupted installation leaves nothing that looks finished.
  const proof = join(home, 'whole');
  if (existsSync(proof)) return home;

  const interpreter = tryInterpreter(version);
  if (!interpreter) throw new Error(`This machine has no Python ${version}: install it, with pyenv or from python.org`);
  // A virtual environment holds its own path: it cannot be built beside its place and moved. Two that build it at once take turns.
  return withLock(`${home}.lock`, () => {
    if (!existsSync(proof)) {
      rmSync(home, { recursive: true, force: true });
      run(interpreter, ['-m', 'venv', home]);
      run(join(home, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '-r', requirements]);
      writeFileSync(proof, '');
    }
    return home;
  });
}

/** A file of requirements, with those that it includes. */
function requirementsOf(file: string): string {
  const text = readFileSync(file, 'utf8');
  return text + [...text.matchAll(/^-r (.+)$/gm)].map(([, included]) => requirementsOf(join(REQUIREMENTS, included))).join('');
}

/** The interpreter of a version: on the PATH, or one of pyenv's. */
function tryInterpreter(version: string): string | undefined {
  const versions = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions');
  const installed = existsSync(versions) ? readdirSync(versions).filter(name => name.startsWith(`${version}.`)).sort() : [];
  const candidates = [`python${version}`, ...installed.reverse().map(name => join(versions, name, 'bin', 'python'))];
  return candidates.find(candidate => spawnSync(candidate, ['-c', 'import ensurepip, venv']).status === 0);
}

function run(program: string, args: readonly string[]): void {
  const { status, stderr, stdout } = spawnSync(program, args, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${[program, ...args].join(' ')} failed: ${(stderr || stdout).trim().split('\n').slice(-3).join(' ')}`);
}

const PATIENCE_MS = 5 * 60_000;
const PAUSE_MS = 200;

/** Runs `work` while no other process that takes the same lock does. A lock that is left behind is broken in the end. */
function withLock<T>(lock: string, work: () => T): T {
  mkdirSync(join(lock, '..'), { recursive: true });
  const end = Date.now() + PATIENCE_MS;
  while (!tryLock(lock)) {
    if (Date.now() > end) renameSync(lock, `${lock}.${process.pid}.old`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  }
  try {
    return work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function tryLock(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

if (require.main === module) console.log(runtimePython(process.argv[2]));
