import { mkdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { oldestPython, runtimePython } from '../../runtime-python';
import { buildRuntimeWheel } from '../../runtime-wheel';
import { pipOf, requirementsFile } from '../../virtual-environment';
import { ROOT } from '../programs';
import { pipIn } from './pip-in';
import { Step } from '../step';

const PAGES = [join(ROOT, 'docs', 'unit-tests.md'), join(ROOT, 'runtime', 'python', 'README.md')];
const FILE = /^<!-- file: (\S+\.py) -->\n```python\n([^]*?)^```$/gm;

export const runtimeWheel: Step = {
  name: 'runtime-wheel',
  description: 'the wheel of the Python runtime installs, and the Python that its pages show passes with it and is well typed',
  after: ['generated', 'pythons'],
  async run(context) {
    const wheel = buildRuntimeWheel(context.temporary);
    const environment = join(context.temporary, 'runtime-wheel');
    const python = join(environment, 'bin', 'python');
    await context.run(pipOf(oldestPython()), ['-m', 'venv', '--without-pip', environment]);
    await pipIn(context, python, 'install', '--quiet', '-r', requirementsFile('user'), wheel);
    await pipIn(context, python, 'check');

    const project = join(context.temporary, 'user-of-runtime-wheel');
    mkdirSync(project);
    for (const page of PAGES) {
      const files = [...readFileSync(page, 'utf8').matchAll(FILE)];
      if (files.length === 0) throw new Error(`${page} has no Python`);
      for (const [, file, code] of files) writeFileSync(join(project, file), code);
    }

    const env = { PYTHONDONTWRITEBYTECODE: '1', AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none' };
    const tests = await context.run(python, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider'], { cwd: project, env });
    context.note(tests.trim().split('\n').at(-1)!);
    const mypy = ['-m', 'mypy', '--strict', '--cache-dir', join(context.temporary, 'wheel-mypy')];
    await context.run(join(runtimePython(), 'python'), [...mypy, '--python-executable', python, '.'], { cwd: project });
  },
};
