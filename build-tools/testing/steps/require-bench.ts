import { bin } from '../programs';
import { Step } from '../step';

export const requireBench: Step = {
  name: 'bench',
  description: 'loading the library costs at most 1.3 × loading the CDK',
  after: ['lazy-index'],
  alone: true,
  async run(context) {
    const printed = await context.run(bin('tsx'), ['bench/require.ts']);
    const ratio = /^\| require\('cdk-plumbline'\) .*\| (\S+) +\|$/m.exec(printed);
    if (ratio) context.note(`${ratio[1]} ×`);
  },
};
