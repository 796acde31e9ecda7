import { createHash } from 'crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { ROOT } from './programs';
import { StepContext } from './step';

const TOOLS = join(ROOT, '.venv-tools');
const REQUIREMENTS = join(ROOT, 'build-tools', 'python');

/** The directory with the programs of a virtual environment that holds exactly the given requirements. Made once, kept between runs. */
export async function toolsEnvironment(context: StepContext, name: string): Promise<string> {
  const requirements = requirementsOf(name);
  const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  const directory = join(TOOLS, name);
  const marker = join(directory, 'requirements.sha256');
  if (!existsSync(marker) || readFileSync(marker, 'utf8') !== digest) {
    await freshEnvironment(context, directory, ['-r', requirements]);
    writeFileSync(marker, digest);
  }
  return join(directory, 'bin');
}

/** Makes a virtual environment anew and installs into it what pip is told. */
export async function freshEnvironment(context: StepContext, directory: string, install: readonly string[]): Promise<string> {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(join(directory, '..'), { recursive: true });
  await context.run('python3', ['-m', 'venv', directory]);
  await context.run(join(directory, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...install]);
  return join(directory, 'bin');
}

export const requirementsOf = (name: string): string => join(REQUIREMENTS, `requirements-${name}.txt`);
