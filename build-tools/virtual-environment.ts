import { spawnSync } from 'child_process';
import { createHash } from 'crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'fs';
import { homedir } from 'os';
import { join } from 'path';

const ROOT = join(__dirname, '..');
const CACHE = join(ROOT, 'node_modules', '.cache', 'plumbline');
const REQUIREMENTS = join(ROOT, 'build-tools', 'python');

/** Files of requirements, by what they are for. */
export type Requirements = 'client' | 'layer' | 'lint' | 'mutation' | 'runtime' | 'shell' | 'wheel';

/** By processes that write no bytecode. Elsewhere Python compiles what it imports: of the CDK a small part, in a sixth of the time. */
const STARTED_OFTEN: readonly Requirements[] = ['client', 'runtime'];

/** A virtual environment with exactly the packages of a file of requirements. Made when it is absent, and kept between runs. */
export function virtualEnvironment(name: Requirements, version: string): string {
  const requirements = requirementsFile(name);
  const digest = createHash('sha256').update(requirementsOf(requirements)).digest('hex').slice(0, 12);
  const home = join(CACHE, `python-${version}-${name}-${digest}`);
  return once(home, () => {
    run(interpreterOf(version), ['-m', 'venv', '--without-pip', home]);
    const compile = STARTED_OFTEN.includes(name) ? [] : ['--no-compile'];
    run(pipOf(version), [...PIP, '--python', pythonOf(home), 'install', '--quiet', '--no-deps', ...compile, '-r', requirements]);
  });
}

export const requirementsFile = (name: string): string => join(REQUIREMENTS, `requirements-${name}.txt`);

/** How a Python that has pip starts it. */
export const PIP: readonly string[] = ['-m', 'pip', '--disable-pip-version-check'];

/** A Python with pip, which installs into all environments of its version: to give each a pip of its own takes six seconds. */
export function pipOf(version: string): string {
  return pythonOf(once(join(CACHE, `python-${version}-pip`), home => run(interpreterOf(version), ['-m', 'venv', home])));
}

/** The interpreter of a version: on the PATH, or one of pyenv's. */
export function tryInterpreter(version: string): string | undefined {
  const versions = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions');
  const installed = existsSync(versions) ? readdirSync(versions).filter(name => name.startsWith(`${version}.`)).sort() : [];
  const candidates = [`python${version}`, ...installed.reverse().map(name => join(versions, name, 'bin', 'python'))];
  return candidates.find(candidate => spawnSync(candidate, ['-c', 'import ensurepip, venv']).status === 0);
}

const pythonOf = (home: string): string => join(home, 'bin', 'python');

function interpreterOf(version: string): string {
  const interpreter = tryInterpreter(version);
  if (!interpreter) throw new Error(`This machine has no Python ${version}: install it, with pyenv or from python.org`);
  return interpreter;
}

/** A file of requirements, with those that it includes. */
function requirementsOf(file: string): string {
  const text = readFileSync(file, 'utf8');
  return text + [...text.matchAll(/^-r (.+)$/gm)].map(([, included]) => requirementsOf(join(REQUIREMENTS, included))).join('');
}

function run(program: string, args: readonly string[]): void {
  const { status, stderr, stdout } = spawnSync(program, args, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${[program, ...args].join(' ')} failed: ${(stderr || stdout).trim().split('\n').slice(-3).join(' ')}`);
}

/** A virtual environment holds its own path: it cannot be built beside its place and moved. Two that build it at once take turns. */
function once(home: string, make: (home: string) => void): string {
  // The last thing that is written: an interrupted installation leaves nothing that looks finished.
  const proof = join(home, 'whole');
  if (existsSync(proof)) return home;
  return withLock(`${home}.lock`, () => {
    if (!existsSync(proof)) {
      rmSync(home, { recursive: true, force: true });
      make(home);
      writeFileSync(proof, '');
    }
    return home;
  });
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
