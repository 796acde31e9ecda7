import { execFileSync } from 'child_process';
import { existsSync, mkdirSync, writeFileSync } from 'fs';
import { createRequire } from 'module';
import { join } from 'path';

const CACHE = join(__dirname, '..', '..', 'node_modules', '.cache', 'plumbline');

/**
 * Peers to measure against that are no dependencies of the project, installed when first needed. They find aws-cdk-lib in the
 * project's own node_modules, which is above the cache.
 */
export function onDemandPackages(name: string, versions: Record<string, string>): NodeJS.Require {
  const directory = join(CACHE, name);
  const manifest = join(directory, 'package.json');
  const isInstalled = Object.keys(versions).every(id => existsSync(join(directory, 'node_modules', id)));
  if (!isInstalled) {
    mkdirSync(directory, { recursive: true });
    writeFileSync(manifest, JSON.stringify({ private: true }));
    const ids = Object.entries(versions).map(([id, version]) => `${id}@${version}`);
    execFileSync(
      'npm',
      ['install', '--no-save', '--no-package-lock', '--legacy-peer-deps', '--no-audit', '--no-fund', '--ignore-scripts', ...ids],
      { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'] },
    );
  }
  return createRequire(manifest);
}
