import { execFileSync } from 'child_process';
import { existsSync, readdirSync, statSync } from 'fs';
import { join } from 'path';

const ROOT = join(__dirname, '..');
const LAYER = join(ROOT, 'assets', 'runtime', 'node-layer');
const BUNDLER = join(ROOT, 'build-tools', 'bundle');
const SOURCES = [BUNDLER, join(ROOT, 'runtime', 'node'), join(ROOT, 'src', 'contract'), join(ROOT, 'package-lock.json')];

/** Builds the runtime's layer into assets/ when it is absent or older than its sources: what needs it works on a clean clone. */
export function buildLayerUnlessCurrent(): void {
  // Standard output belongs to what the command at hand prints.
  if (!isLayerCurrent()) {
    execFileSync(process.execPath, ['-r', 'tsx/cjs', join(BUNDLER, 'main.ts')], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  }
}

/** Whether the built layer is there, and no source is newer. */
export function isLayerCurrent(layer: string = LAYER, sources: readonly string[] = SOURCES): boolean {
  if (!existsSync(layer)) return false;
  const built = timesBelow(layer);
  return built.length > 0 && Math.min(...built) >= Math.max(...sources.flatMap(timesBelow));
}

/** When the files at or below `path` were written. */
function timesBelow(path: string): number[] {
  const status = statSync(path);
  return status.isDirectory() ? readdirSync(path).flatMap(name => timesBelow(join(path, name))) : [status.mtimeMs];
}

if (require.main === module) buildLayerUnlessCurrent();
