import { readdirSync } from 'fs';
import { join } from 'path';
import { cfnLintProgram } from '../../runtime-python';
import { exampleApps, exampleAssembly, templatesBelow } from '../apps';
import { ROOT } from '../programs';
import { Step } from '../step';

/** It takes an advice on style, to write `Fn::Sub`, for a wrong action of a pipeline: every pipeline of CDK Pipelines has it. */
const MISTAKEN = 'E3703';

export const cfnLint: Step = {
  name: 'cfn-lint',
  description: 'cfn-lint finds no error in any synthesised template',
  after: ['examples', 'integ', 'pythons'],
  async run(context) {
    const templates = integSnapshots();
    for (const app of exampleApps()) templates.push(...templatesBelow(await exampleAssembly(context, app)));
    if (templates.length === 0) throw new Error('there is no template to look at');

    const options = ['--non-zero-exit-code', 'error', '--ignore-checks', MISTAKEN];
    const found = await context.run(cfnLintProgram(), [...options, '--', ...templates]);
    context.note(`${templates.length} templates, ${found.match(/^W\d+ /gm)?.length ?? 0} warnings`);
  },
};

/** What the integ cases synthesise to: another step keeps the snapshots current. */
function integSnapshots(): string[] {
  const integ = join(ROOT, 'integ');
  return readdirSync(integ).filter(name => name.endsWith('.snapshot')).flatMap(name => templatesBelow(join(integ, name)));
}
