import { existsSync, readdirSync, statSync } from 'fs';
import { join } from 'path';
import { Programs } from './programs';
import { bin, ROOT } from './project';

const LAYER = join(ROOT, 'assets', 'runtime', 'node-layer');
const BUNDLER = join(ROOT, 'build-tools', 'bundle');
const SOURCES = [BUNDLER, join(ROOT, 'runtime', 'node'), join(ROOT, 'src', 'contract'), join(ROOT, 'package-lock.json')];

/** Whether the built layer is there, and no source is newer. */
export function isLayerCurrent(layer: string = LAYER, sources: readonly string[] = SOURCES): boolean {
  if (!existsSync(layer)) return false;
  const built = timesBelow(layer);
  return built.length > 0 && Math.min(...built) >= Math.max(...sources.flatMap(timesBelow));
}

export async function buildLayer(programs: Programs): Promise<void> {
  await programs.run(bin('tsx'), [join(BUNDLER, 'main.ts')], { cwd: ROOT });
}

/** When the files at or below `path` were written. */
function timesBelow(path: string): number[] {
  const status = statSync(path);
  return status.isDirectory() ? readdirSync(path).flatMap(name => timesBelow(join(path, name))) : [status.mtimeMs];
}
