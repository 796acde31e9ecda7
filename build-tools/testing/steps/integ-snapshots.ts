import { readdirSync } from 'fs';
import { join } from 'path';
import { bin, ROOT } from '../programs';
import { Step } from '../step';

export const integSnapshots: Step = {
  name: 'integ',
  description: 'the integ cases synthesise to their committed snapshots',
  after: ['generated', 'bundle'],
  async run(context) {
    const cases = readdirSync(join(ROOT, 'integ')).filter(name => /^integ\..+\.ts$/.test(name));
    if (cases.length === 0) throw new Error('there is no integ case');
    // Fails for a case that differs and for one without a snapshot.
    await context.run(bin('projen'), ['integ']);
    context.note(`${cases.length} cases`);
  },
};
