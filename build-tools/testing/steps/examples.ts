import { exampleApps, exampleAssembly, templatesBelow } from '../apps';
import { Step } from '../step';

export const examples: Step = {
  name: 'examples',
  description: 'every example synthesises under its checks, and under the validation of the CDK, without a finding',
  after: ['generated', 'bundle'],
  async run(context) {
    const apps = exampleApps();
    if (apps.length === 0) throw new Error('there is no example');
    for (const app of apps) {
      // That its checks are awake is tested with a wildcard role in test/examples/.
      const templates = templatesBelow(await exampleAssembly(context, app));
      if (templates.length === 0) throw new Error(`${app} synthesises to no template`);
      context.note(`${app}: ${templates.length} templates`);
    }
  },
};
