import { execFileSync } from 'child_process';
import { existsSync, readdirSync, statSync } from 'fs';
import { join } from 'path';

const ROOT = join(__dirname, '..');
const LAYERS = ['runtime/node-layer', 'runtime/python-layer', 'functions'].map(name => join(ROOT, 'assets', name));
const BUNDLER = join(ROOT, 'build-tools', 'bundle');
const SOURCES = [
  BUNDLER, join(ROOT, 'build-tools', 'python', 'requirements-layer.txt'), join(ROOT, 'runtime', 'node'), join(ROOT, 'runtime', 'python'),
  join(ROOT, 'runtime', 'functions'), join(ROOT, 'src', 'contract'), join(ROOT, 'package-lock.json'),
];

/** Stands there while a process builds, and after one that was interrupted. */
export const UNFINISHED = join(ROOT, 'assets', '.unfinished');

/**
 * Builds the runtimes' layers and the library's own functions into assets/ when one is absent or older than its sources: what needs them
 * works on a clean clone.
 */
export function buildLayerUnlessCurrent(): void {
  // Standard output belongs to what the command at hand prints.
  if (!areLayersCurrent()) {
    execFileSync(process.execPath, ['-r', 'tsx/cjs', join(BUNDLER, 'main.ts'), '--unless-current'], {
      cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
}

/** Whether every layer is built to its end, and no source is newer. */
export function areLayersCurrent(): boolean {
  return !existsSync(UNFINISHED) && areLayersNewer();
}

/** Whether every layer is there and newer than its sources, also while one is being built. */
export function areLayersNewer(): boolean {
  return LAYERS.every(layer => isLayerCurrent(layer, SOURCES));
}

/** Whether a built layer is there, and no source is newer. */
export function isLayerCurrent(layer: string, sources: readonly string[]): boolean {
  if (!existsSync(layer)) return false;
  const built = timesBelow(layer);
  return built.length > 0 && Math.min(...built) >= Math.max(...sources.flatMap(timesBelow));
}

/** When the files at or below `path` were written. */
function timesBelow(path: string): number[] {
  const status = statSync(path);
  if (!status.isDirectory()) return [status.mtimeMs];
  // What Python has compiled is no source.
  return readdirSync(path).filter(name => name !== '__pycache__').flatMap(name => timesBelow(join(path, name)));
}

if (require.main === module) buildLayerUnlessCurrent();
