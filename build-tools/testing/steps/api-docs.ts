import { readFileSync } from 'fs';
import { join } from 'path';
import { bin, ROOT } from '../programs';
import { Step } from '../step';

export const apiDocs: Step = {
  name: 'api-docs',
  description: 'API.md says what the compiled library says',
  after: ['compile'],
  async run(context) {
    const written = join(context.temporary, 'API.md');
    await context.run(bin('jsii-docgen'), ['-o', written]);
    if (readFileSync(written, 'utf8') !== readFileSync(join(ROOT, 'API.md'), 'utf8')) {
      throw new Error('API.md is not current: run `npx projen docgen` and commit it');
    }
  },
};
