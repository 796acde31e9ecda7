import { spawnSync } from 'child_process';
import { join } from 'path';
import { runtimePython } from './runtime-python';

const ROOT = join(__dirname, '..');
const TESTS = join('test', 'runtime-python');

/**
 * The generated cases of the Python runtime alone, as many as PLUMBLINE_GENERATED_RESULTS and PLUMBLINE_DIFFERENTIAL_CASES say. No step of
 * `npm test`: those are stopped after twenty minutes, and a million cases take longer.
 */
const RUNS: readonly (readonly string[])[] = [
  // Hypothesis marks its tests by itself.
  ['-m', 'hypothesis', TESTS],
  [join(TESTS, 'test_both_runtimes.py')],
];

const failed = RUNS.filter(args => spawnSync(
  join(runtimePython(), 'python'),
  ['-m', 'pytest', '-c', join('runtime', 'python', 'pyproject.toml'), '--quiet', '--durations=10', ...args],
  { cwd: ROOT, stdio: 'inherit', env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } },
).status !== 0);

process.exitCode = failed.length === 0 ? 0 : 1;
