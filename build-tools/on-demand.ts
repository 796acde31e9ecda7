import { spawnSync } from 'child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';

const CACHE = join(__dirname, '..', 'node_modules', '.cache', 'plumbline');

/** An npm package that only some tasks need, too large or too slow to build for everybody's `npm ci`. */
export interface OnDemandPackage {
  readonly name: string;
  readonly version: string;
  /** A file of the package that is there once the installation is whole. */
  readonly proof: string;
  /** Whether the package's install script may run. */
  readonly allowScript?: boolean;
  /** Further packages that are used together with it, and their versions. */
  readonly beside?: Readonly<Record<string, string>>;
  /** What is still to be done in the folder of the package before its installation is whole. */
  finish?(folder: string): void;
}

/** The path of the package's `proof`, installed when it is absent. */
export function onDemand({ name, version, proof, allowScript = false, beside = {}, finish }: OnDemandPackage): string {
  const home = join(CACHE, `${name}-${version}`);
  const file = join(home, 'node_modules', name, proof);
  if (existsSync(file)) return file;

  // Built beside its place and moved: an interrupted installation leaves nothing that looks finished.
  const build = `${home}.${process.pid}`;
  mkdirSync(build, { recursive: true });
  writeFileSync(join(build, 'package.json'), '{ "private": true }\n');
  if (allowScript) writeFileSync(join(build, '.npmrc'), `allow-scripts=${name}\n`);
  try {
    const packages = Object.entries({ [name]: version, ...beside }).map(([one, of]) => `${one}@${of}`);
    const options = ['--no-audit', '--no-fund', '--no-save', ...allowScript ? [] : ['--ignore-scripts']];
    const npm = spawnSync('npm', ['install', ...packages, ...options], { cwd: build, encoding: 'utf8' });
    if (npm.status !== 0 || !existsSync(join(build, 'node_modules', name, proof))) {
      throw new Error(`${name}@${version} could not be installed: ${(npm.stderr || npm.stdout).trim().split('\n').slice(-3).join(' ')}`);
    }
    finish?.(join(build, 'node_modules', name));
    if (!existsSync(home)) renameSync(build, home);
  } finally {
    rmSync(build, { recursive: true, force: true });
  }
  return file;
}
