import { createHash } from 'crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { DemoError } from '../system/demo-error';
import { ProgramFailure, Programs } from '../system/programs';

const REQUIREMENTS = join(__dirname, '..', 'requirements.txt');
const OLDEST = [3, 11] as const;
const CANDIDATES = ['python3', 'python'];

/** Asks the emulator itself what it can deploy, and on which Python it runs functions, once, when it is installed. */
const DESCRIBE =
  'import json, platform; from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS; ' +
  'print(json.dumps({"version": platform.python_version(), "types": sorted(_RESOURCE_HANDLERS)}))';

/** A virtual environment with the emulator. */
export interface PythonEnvironment {
  readonly python: string;
  readonly version: string;
  /** The CloudFormation resource types that the emulator can deploy. */
  readonly knownTypes: ReadonlySet<string>;
}

/** Whether the environment of exactly these requirements is there. */
export function isInstalled(stateFolder: string): boolean {
  const { marker } = places(stateFolder);
  return existsSync(marker) && readFileSync(marker, 'utf8') === digest();
}

/** The virtual environment below `stateFolder`; made when it is not there, or of other requirements. */
export async function pythonEnvironment(programs: Programs, stateFolder: string): Promise<PythonEnvironment> {
  const { folder, python, marker, description } = places(stateFolder);
  if (!isInstalled(stateFolder)) {
    const base = await findPython(programs);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(stateFolder, { recursive: true });
    await makeEnvironment(programs, base, folder);
    await install(programs, python);
    writeFileSync(description, (await programs.run(python, ['-c', DESCRIBE])).stdout);
    writeFileSync(marker, digest());
  }
  const { version, types } = JSON.parse(readFileSync(description, 'utf8')) as { version: string; types: string[] };
  return { python, version, knownTypes: new Set(types) };
}

function places(stateFolder: string): { folder: string; python: string; marker: string; description: string } {
  const folder = join(stateFolder, 'python');
  return {
    folder,
    python: join(folder, 'bin', 'python'),
    marker: join(folder, 'requirements.sha256'),
    description: join(folder, 'emulator.json'),
  };
}

function digest(): string {
  return createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
}

async function findPython(programs: Programs): Promise<string> {
  const found: string[] = [];
  for (const candidate of CANDIDATES) {
    const version = await programs.run(candidate, ['-c', 'import sys; print(*sys.version_info[:2])']).then(
      ({ stdout }) => stdout.trim(),
      () => undefined,
    );
    if (version === undefined) continue;
    const [major, minor] = version.split(' ').map(Number);
    if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return candidate;
    found.push(`${candidate} is ${major}.${minor}`);
  }
  throw new DemoError(
    found.length > 0
      ? `Python ${OLDEST.join('.')} or newer is needed, and ${found.join(', ')}.`
      : 'Python was not found; the local AWS runs on it.',
    `Install Python ${OLDEST.join('.')} or newer (Debian and Ubuntu: apt install python3 python3-venv; ` +
      'macOS: brew install python) and put it on the PATH.',
  );
}

async function makeEnvironment(programs: Programs, base: string, folder: string): Promise<void> {
  try {
    await programs.run(base, ['-m', 'venv', folder]);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    if (!(error instanceof ProgramFailure) || !/ensurepip|No module named '?venv/.test(error.output)) throw error;
    throw new DemoError('Python has no venv module.', 'Install it (Debian and Ubuntu: apt install python3-venv) and run the demo again.');
  }
}

async function install(programs: Programs, python: string): Promise<void> {
  try {
    await programs.run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS]);
  } catch (error) {
    if (!(error instanceof ProgramFailure)) throw error;
    const [reason = ''] = error.output.split('\n').filter(line => line.startsWith('ERROR')).slice(-1);
    throw new DemoError(
      `pip could not install the local AWS: ${reason}`,
      "The first run needs PyPI or a mirror of it; check the network and pip's settings (pip config list).",
    );
  }
}
