import { execFileSync } from 'child_process';
import { rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { bundledTypes } from './bundled-types';
import { BundleTarget, ROOT } from './target';

const FOLDER = 'assets/runtime/types';
const TSC = require.resolve('typescript/bin/tsc');

/** The types of `cdk-plumbline/runtime`, in one file. */
export const nodeTypes: BundleTarget = {
  name: 'node-types',
  folders: [FOLDER],
  build: async () => {
    execFileSync(process.execPath, [TSC, '-p', join(ROOT, 'runtime/node/tsconfig.json')], { stdio: 'inherit' });
    const types = await bundledTypes(join(ROOT, FOLDER, 'runtime/node/index.d.ts'));
    for (const part of ['runtime', 'src']) rmSync(join(ROOT, FOLDER, part), { recursive: true });
    writeFileSync(join(ROOT, FOLDER, 'index.d.ts'), types);
  },
};
