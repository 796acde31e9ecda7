import { readFileSync } from 'fs';
import { join } from 'path';
import { runtimePython } from '../../runtime-python';
import { ROOT } from '../programs';
import { Step, StepCounts } from '../step';

const SETTINGS = join(ROOT, 'runtime', 'python', 'pyproject.toml');
const SOURCES = ['runtime/python/plumbline', 'test/runtime-python', 'examples/manga-assist/services'].map(folder => join(ROOT, folder));

export const pythonRuntime: Step = {
  name: 'python',
  description: 'ruff, mypy and the tests of the Python runtime',
  after: ['generated', 'pythons'],
  async run(context) {
    const programs = runtimePython();
    const run = async (program: string, ...args: readonly string[]): Promise<string> =>
      context.run(join(programs, program), args, { env: { PYTHONDONTWRITEBYTECODE: '1' } });
    await run('ruff', 'check', '--no-cache', '--config', SETTINGS, ...SOURCES);
    await run('python', '-m', 'mypy', '--cache-dir', join(context.temporary, 'mypy'), '--config-file', SETTINGS, ...SOURCES);

    const report = join(context.temporary, 'python-tests.xml');
    const tests = run('python', '-m', 'pytest', '--quiet', '-c', SETTINGS, `--junitxml=${report}`);
    const failure = await tests.then(() => undefined, (error: Error) => error);
    const counts = countsOfReport(readFileSync(report, 'utf8'));
    if (failure && counts.failed === 0) throw failure;
    return counts;
  },
};

/** What a JUnit report of pytest counts. */
export function countsOfReport(report: string): StepCounts {
  const count = (name: string): number => Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(report)?.[1] ?? Number.NaN);
  const failed = count('failures') + count('errors');
  const passed = count('tests') - failed - count('skipped');
  if (!(passed + failed > 0)) throw new Error('pytest has found no test');
  return { passed, failed };
}
