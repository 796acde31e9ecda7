import { readFileSync } from 'fs';
import { join } from 'path';
import { exampleApps, exampleAssembly, templatesBelow } from '../apps';
import { Step, StepCounts } from '../step';

/** The packs that every example runs under. */
const PACKS = ['AwsSolutions', 'PlumblineChecks'];

export const examples: Step = {
  name: 'examples',
  description: 'every example synthesises under its checks without a finding',
  after: ['bundle'],
  async run(context): Promise<StepCounts> {
    const apps = exampleApps();
    if (apps.length === 0) throw new Error('there is no example');
    for (const app of apps) {
      const assembly = await exampleAssembly(context, app);
      const missing = PACKS.filter(pack => !packsThatPassed(assembly).includes(pack));
      if (missing.length > 0) throw new Error(`${app} was not checked by ${missing.join(', ')}`);
      const templates = templatesBelow(assembly);
      context.note(`${app}: ${templates.length} templates`);
    }
    return { passed: apps.length, failed: 0 };
  },
};

/** An app that registers no checks passes them too, so the report of the synthesis is read. */
function packsThatPassed(assembly: string): string[] {
  const { pluginReports }: { pluginReports: { pluginName: string; conclusion: string }[] } =
    JSON.parse(readFileSync(join(assembly, 'validation-report.json'), 'utf8'));
  return pluginReports.filter(report => report.conclusion === 'success').map(report => report.pluginName);
}
