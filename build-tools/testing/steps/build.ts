import { bin } from '../programs';
import { Step } from '../step';

export const bundleRuntime: Step = {
  name: 'bundle',
  description: 'the runtime layers are built into assets/',
  after: ['generated'],
  async run(context) {
    await context.run(bin('projen'), ['bundle:runtime']);
  },
};

export const compile: Step = {
  name: 'compile',
  description: 'jsii compiles the library',
  after: ['generated', 'bundle'],
  async run(context) {
    await context.run(bin('projen'), ['compile']);
  },
};

export const lazyIndex: Step = {
  name: 'lazy-index',
  description: 'index files of the compiled library load on first use',
  after: ['compile'],
  async run(context) {
    await context.run(bin('tsx'), ['build-tools/lazy-index.ts']);
  },
};
