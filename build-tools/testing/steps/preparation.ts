import { bin } from '../programs';
import { Step } from '../step';

/* What is there already is left as it is: then these take a second. They write what nothing generated depends on. */

export const pythons: Step = {
  name: 'pythons',
  description: 'the Pythons of Lambda, of the tools and of the local AWS are installed, where absent',
  async run(context) {
    await context.run(bin('tsx'), ['build-tools/prepare.ts', 'pythons']);
    await context.run(bin('tsx'), ['local-stage/install.ts']);
  },
};

export const lambda: Step = {
  name: 'lambda',
  description: 'Lambda\'s Nodes and runtime interface clients are installed, where absent',
  async run(context) {
    await context.run(bin('tsx'), ['build-tools/prepare.ts', 'lambda']);
  },
};
