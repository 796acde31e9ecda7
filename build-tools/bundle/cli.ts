import { join } from 'path';
import { build } from 'esbuild';
import { BundleTarget, packageVersion, ROOT } from './target';

const FOLDER = 'assets/cli';

/** The command `plumbline`, in one file: a user installs nothing for it, and it starts at once. */
export const cli: BundleTarget = {
  name: 'cli',
  folders: [FOLDER],
  build: async () => { await bundleCli(join(ROOT, FOLDER, 'plumbline.js')); },
};

/** Writes the command to a file; the answer is the list of the sources that are in it. */
export async function bundleCli(outfile: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [join(ROOT, 'cli/main.ts')],
    outfile,
    platform: 'node',
    target: 'node20',
    bundle: true,
    minify: true,
    keepNames: true,
    legalComments: 'none',
    metafile: true,
    absWorkingDir: ROOT,
    banner: { js: '#!/usr/bin/env node' },
    define: { PLUMBLINE_VERSION: JSON.stringify(packageVersion()) },
    logLevel: 'warning',
  });
  return Object.keys(metafile.inputs);
}
