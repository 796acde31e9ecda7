import { lambdaPython, newestPython, oldestPython } from '../../build-tools/runtime-python';

/** One of Lambda's Python runtimes, with its runtime interface client. */
export interface PythonGeneration {
  readonly version: string;
  readonly interpreter: string;
}

// Installed when absent, which takes longer than a test may: while the module loads.
export const PYTHON_OLDEST = generation(oldestPython());
export const PYTHON_NEWEST = generation(newestPython());

/** For `describe.each`: what holds on the oldest and on the newest holds between them. */
export const PYTHONS: readonly (readonly [name: string, python: PythonGeneration])[] =
  (PYTHON_NEWEST.version === PYTHON_OLDEST.version ? [PYTHON_NEWEST] : [PYTHON_NEWEST, PYTHON_OLDEST])
    .map(python => [`Python ${python.version}`, python]);

function generation(version: string): PythonGeneration {
  return { version, interpreter: lambdaPython(version) };
}
