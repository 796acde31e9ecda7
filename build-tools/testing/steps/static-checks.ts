import { readFileSync } from 'fs';
import { join } from 'path';
import { bin, ROOMY, ROOT } from '../programs';
import { Step } from '../step';

export const types: Step = {
  name: 'types',
  description: 'every TypeScript file compiles, tests and tools too',
  after: ['generated'],
  async run(context) {
    await context.run('node', [ROOMY, bin('tsc'), '--noEmit']);
  },
};

export const lint: Step = {
  name: 'eslint',
  description: 'no lint finding, warnings included',
  after: ['generated'],
  async run(context) {
    const options = ['--ext', '.ts,.tsx', '--max-warnings', '0', '--no-error-on-unmatched-pattern'];
    await context.run('node', [ROOMY, bin('eslint'), ...options, ...lintedPaths()], {
      env: { ESLINT_USE_FLAT_CONFIG: 'false', NODE_NO_WARNINGS: '1' },
    });
  },
};

/** The paths that projen's own lint task looks at, without its `--fix`. */
function lintedPaths(): string[] {
  const { tasks } = JSON.parse(readFileSync(join(ROOT, '.projen', 'tasks.json'), 'utf8'));
  const args: string[] = tasks.eslint.steps[0].execArgs;
  return args.slice(args.indexOf('$@') + 1);
}
