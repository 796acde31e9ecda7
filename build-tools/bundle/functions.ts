import { join } from 'path';
import { build, type Plugin } from 'esbuild';
import { BundleTarget, ROOT } from './target';
import { LIBRARY_FUNCTIONS, RUNTIME_ENVIRONMENT } from '../../src/contract/data';

const { asset: FOLDER, functions: FUNCTIONS } = LIBRARY_FUNCTIONS;

/** The library's own functions, each with its SDK clients: Lambda's own SDK changes without us. The runtime comes from the layer. */
export const functions: BundleTarget = {
  name: 'functions',
  folders: [FOLDER],
  build: async () => {
    await build({
      platform: 'node',
      target: 'node22',
      bundle: true,
      minify: true,
      keepNames: true,
      legalComments: 'none',
      mainFields: ['module', 'main'],
      conditions: ['module'],
      // The encoder of JPEG: in the file, so that nothing has to be found beside it.
      loader: { '.wasm': 'binary' },
      // It asks where it lies, and needs no answer: it is given its bytes.
      logOverride: { 'empty-import-meta': 'silent' },
      absWorkingDir: ROOT,
      logLevel: 'warning',
      entryPoints: Object.fromEntries(
        Object.keys(FUNCTIONS).map(name => [`${name}/index`, join(ROOT, 'runtime/functions', name, 'handler.ts')])),
      outdir: join(ROOT, FOLDER),
      plugins: [runtimeOfLayer],
    });
  },
};

/** A second copy of the runtime would have a state of its own. */
const runtimeOfLayer: Plugin = {
  name: 'runtime-of-layer',
  setup: ({ onResolve }) => onResolve({ filter: /\/node$/ }, () => ({ path: RUNTIME_ENVIRONMENT.layers.node.module, external: true })),
};
