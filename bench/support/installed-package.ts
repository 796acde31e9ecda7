import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { name, peerDependencies } from '../../package.json';

const ROOT = join(__dirname, '..', '..');

/** Runs something in a folder where the compiled library is installed, beside its peers. */
export function withInstalledPackage<T>(use: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'plumbline-bench-'));
  const modules = join(directory, 'node_modules');
  try {
    mkdirSync(modules);
    symlinkSync(ROOT, join(modules, name), 'dir');
    for (const peer of Object.keys(peerDependencies)) symlinkSync(join(ROOT, 'node_modules', peer), join(modules, peer), 'dir');
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
