import { dirname, join } from 'path';
import { build, BuildOptions, Plugin } from 'esbuild';
import { BundleTarget, packageVersion, ROOT } from './target';

const FOLDER = 'assets/cli';
const AWS_FILE = 'aws.js';

/** The command `plumbline`, in two files: a user installs nothing for it, and it starts at once. */
export const cli: BundleTarget = {
  name: 'cli',
  folders: [FOLDER],
  build: async () => { await bundleCli(join(ROOT, FOLDER, 'plumbline.js')); },
};

/** Writes the command to a file, and what talks to AWS to one beside it; the answer is the list of the sources that are in the first. */
export async function bundleCli(outfile: string): Promise<string[]> {
  const { metafile } = await build({
    ...OPTIONS,
    entryPoints: [join(ROOT, 'cli/main.ts')],
    outfile,
    banner: { js: '#!/usr/bin/env node' },
    define: { PLUMBLINE_VERSION: JSON.stringify(packageVersion()) },
    plugins: [awsApart],
  });
  await build({ ...OPTIONS, entryPoints: [join(ROOT, 'cli/aws/asking.ts')], outfile: join(dirname(outfile), AWS_FILE) });
  return Object.keys(metafile.inputs);
}

const OPTIONS = {
  platform: 'node',
  target: 'node20',
  bundle: true,
  minify: true,
  keepNames: true,
  legalComments: 'none',
  metafile: true,
  absWorkingDir: ROOT,
  logLevel: 'warning',
} satisfies BuildOptions;

/** The SDK is three times as long as all the rest, and only the commands that ask an account load it. */
const awsApart: Plugin = {
  name: 'aws-apart',
  setup: ({ onResolve }) => onResolve({ filter: /\/asking$/ }, () => ({ path: `./${AWS_FILE}`, external: true })),
};
