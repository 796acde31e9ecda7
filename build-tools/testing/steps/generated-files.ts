import { readFileSync } from 'fs';
import { join } from 'path';
import { changedSince, digestsOf } from '../digests';
import { bin, ROOT } from '../programs';
import { Step } from '../step';

/** What projen writes besides the files of its own list, if only some lines of it. */
const ALSO_GENERATED = [
  'package.json', '.npmignore', 'src/observability/catalog-metric.ts', 'contract/envelope.schema.json',
  'runtime/python/plumbline/envelope/error_mapping.py', 'runtime/python/plumbline/telemetry/metrics.py',
];

/**
 * Compares with the files as they were a moment ago, not with the last commit: what a developer has not committed yet is no
 * fault, as long as projen would write the same.
 */
export const generatedFiles: Step = {
  name: 'generated',
  description: 'what projen generates is current',
  async run(context) {
    const listed: string[] = JSON.parse(readFileSync(join(ROOT, '.projen', 'files.json'), 'utf8')).files;
    const before = digestsOf([...listed, ...ALSO_GENERATED]);
    await context.run(bin('projen'), [], { env: { PROJEN_DISABLE_POST: '1' } });
    const changed = changedSince(before);
    if (changed.length > 0) {
      throw new Error(`projen has rewritten ${changed.join(', ')}: commit that, and change .projenrc.ts or contract/, not the files`);
    }
    context.note(`${before.size} files`);
  },
};
