import { join } from 'path';
import { isInstalled, PythonEnvironment, pythonEnvironment } from './emulator/python-environment';
import { Progress } from './report/progress';
import { Programs } from './system/programs';
import { bin, ROOT, STATE_FOLDER } from './system/project';
import { areLayersCurrent } from '../build-tools/runtime-layer';

export interface Preparation {
  readonly environment: PythonEnvironment;
  /** Undefined when everything was there already. */
  readonly installedInSeconds?: number;
}

/** Installs the local AWS and builds the runtime layer, where they are absent or old. */
export async function prepare(programs: Programs, progress: Progress): Promise<Preparation> {
  const start = Date.now();
  const mustInstall = !isInstalled(STATE_FOLDER);
  const mustBuild = !areLayersCurrent();
  const makeReady = (): Promise<PythonEnvironment> => pythonEnvironment(programs, STATE_FOLDER);
  const environment = mustInstall
    ? await progress.step('Install the local AWS into .local-stage/ (first run only)', makeReady)
    : await makeReady();
  if (mustBuild) await progress.step('Build the runtime layer', () => buildLayer(programs));
  return { environment, ...((mustInstall || mustBuild) && { installedInSeconds: (Date.now() - start) / 1000 }) };
}

function buildLayer(programs: Programs): Promise<unknown> {
  return programs.run(bin('tsx'), [join(ROOT, 'build-tools', 'runtime-layer.ts')], { cwd: ROOT });
}
