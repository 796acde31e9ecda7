import { execFileSync } from 'child_process';
import { existsSync } from 'fs';
import { join } from 'path';
import { BundleTarget, ROOT } from './target';

const FOLDER = 'assets/runtime/types';
const TSC = require.resolve('typescript/bin/tsc');

/** The types of `cdk-plumbline/runtime`. */
export const nodeTypes: BundleTarget = {
  name: 'node-types',
  folders: [FOLDER],
  build: () => {
    execFileSync(process.execPath, [TSC, '-p', join(ROOT, 'runtime/node/tsconfig.json')], { stdio: 'inherit' });
    if (!existsSync(join(ROOT, FOLDER, 'runtime/node/index.d.ts'))) throw new Error(`No types were written to ${FOLDER}`);
  },
};
