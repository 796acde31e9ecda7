import { execFileSync } from 'child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { writeContract } from './bundle/python-layer';
import { packageVersion, ROOT } from './bundle/target';
import { oldestPython } from './runtime-python';
import { PIP, pipOf } from './virtual-environment';

const SOURCES = join(ROOT, 'runtime', 'python');

/** Builds the wheel `plumbline-runtime` into `folder`: the runtime for unit tests, and for containers. Returns its path. */
export function buildRuntimeWheel(folder: string): string {
  const source = mkdtempSync(join(tmpdir(), 'plumbline-wheel-'));
  try {
    const module = join(source, 'plumbline');
    cpSync(join(SOURCES, 'plumbline'), module, { recursive: true, filter: path => !path.endsWith('__pycache__') });
    writeContract(join(module, 'contract_data'));
    writeFileSync(join(source, 'pyproject.toml'), withVersion(readFileSync(join(SOURCES, 'pyproject.toml'), 'utf8')));
    mkdirSync(folder, { recursive: true });
    const build = [...PIP, 'wheel', '--quiet', '--no-deps', '--wheel-dir', resolve(folder), source];
    execFileSync(pipOf(oldestPython()), build, { stdio: ['ignore', 'ignore', 'inherit'] });
  } finally {
    rmSync(source, { recursive: true, force: true });
  }
  return join(folder, readdirSync(folder).find(name => name.endsWith('.whl'))!);
}

function withVersion(project: string): string {
  return project.replace('version = "0.0.0"', `version = "${packageVersion()}"`);
}

if (require.main === module) {
  const folder = join(ROOT, 'dist', 'python-runtime');
  rmSync(folder, { recursive: true, force: true });
  console.log(buildRuntimeWheel(folder));
}
