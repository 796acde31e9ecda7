import { execFileSync } from 'child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { basename, dirname, join } from 'path';
import { build, transform, type BuildOptions, type Plugin } from 'esbuild';
import { writeTypes } from './runtime-types';

/**
 * Builds the layer of the Node runtime into assets/runtime/node-layer, its source maps and types beside it.
 *
 * The parts share one copy of all state: they are bundled together as ES modules, which esbuild can split, and then
 * each file becomes CommonJS, which `require` and `import` both can load.
 */
const ROOT = join(__dirname, '..');
const SOURCES = join(ROOT, 'runtime/node');
const ASSETS = join(ROOT, 'assets/runtime');
const LAYER = join(ASSETS, 'node-layer/nodejs');
const RUNTIME = join(LAYER, 'plumbline');
const MODULE = join(LAYER, 'node_modules/cdk-plumbline');
const SOURCE_MAPS = join(ASSETS, 'source-maps');
const TARGET = 'node20';

/** Loaded with the first Bedrock client, so that other functions do not pay for the SDK. */
const BEDROCK_ENTRY = join(SOURCES, 'bedrock/client/standard-clients.ts');
/** Shares no state, and is bundled by itself: what it has in common with the SDK would come with all that the SDK needs of it. */
const PROBE_ENTRY = join(SOURCES, 'probe/iam-probe.ts');

const SHARED: BuildOptions = {
  platform: 'node',
  target: TARGET,
  bundle: true,
  minify: true,
  sourcemap: 'external',
  legalComments: 'none',
  write: false,
  mainFields: ['module', 'main'],
  conditions: ['module'],
  absWorkingDir: ROOT,
  define: { PLUMBLINE_VERSION: JSON.stringify(packageVersion()) },
  logLevel: 'warning',
};

function packageVersion(): string {
  return (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version;
}

const ON_DEMAND: readonly [filter: RegExp, file: string][] = [
  [/\/standard-clients$/, './bedrock.js'], [/\/iam-probe$/, './probe.js'], [/\/wrapped-function$/, './function.js'],
];

/** What is loaded by `require` in the middle of the code stays a file of its own. */
const onDemand: Plugin = {
  name: 'on-demand',
  setup: ({ onResolve }) => {
    for (const [filter, path] of ON_DEMAND) onResolve({ filter }, ({ kind }) => (kind === 'require-call' ? { path, external: true } : undefined));
  },
};

async function main(): Promise<void> {
  for (const folder of ['node-layer', 'source-maps', 'types']) rmSync(join(ASSETS, folder), { recursive: true, force: true });
  await bundleRuntime();
  await bundleHandler();
  await writeModule();
  await emitTypes();
}

async function bundleRuntime(): Promise<void> {
  await bundleAsCommonJs({
    index: join(SOURCES, 'index.ts'),
    layer: join(SOURCES, 'handler/layer/start-function.ts'),
    function: join(SOURCES, 'handler/layer/wrapped-function.ts'),
    bedrock: BEDROCK_ENTRY,
  });
  await bundleAsCommonJs({ probe: PROBE_ENTRY });
}

async function bundleAsCommonJs(entryPoints: Record<string, string>): Promise<void> {
  const { outputFiles } = await build({
    ...SHARED,
    entryPoints,
    format: 'esm',
    // The minifier would hide the names that withPlainRequire looks for; each file is minified as it becomes CommonJS.
    minify: false,
    sourcemap: 'inline',
    splitting: true,
    chunkNames: 'shared-[hash]',
    plugins: [onDemand],
    outdir: RUNTIME,
  });
  for (const { path, text } of outputFiles!) {
    const { code, map } = await transform(withPlainRequire(text), {
      format: 'cjs', platform: 'node', target: TARGET, minify: true, treeShaking: true, sourcemap: 'external', sourcefile: basename(path),
    });
    save(path, code);
    save(join(SOURCE_MAPS, `${basename(path)}.map`), map);
  }
}

/**
 * In ES modules esbuild reaches `require` through a shim, behind which the bundler of a user who bundles this module
 * would not find the file that is loaded on demand. The spaces keep the source map's columns.
 */
function withPlainRequire(source: string): string {
  return source.replace(/\b__require\(/g, '  require(');
}

async function bundleHandler(): Promise<void> {
  const { outputFiles } = await build({
    ...SHARED,
    entryPoints: [join(SOURCES, 'handler/layer/handler.mts')],
    format: 'esm',
    outfile: join(RUNTIME, 'handler.mjs'),
  });
  for (const file of outputFiles!) save(file.path.endsWith('.map') ? join(SOURCE_MAPS, basename(file.path)) : file.path, file.text);
}

/**
 * The ES module only names what the CommonJS module holds, so that both see the same state. In the layer's node_modules
 * stands a mere pointer: an exports map of npm's package may not lead into a folder of that name.
 */
async function writeModule(): Promise<void> {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const names = Object.keys(await import(join(RUNTIME, 'index.js')) as object).filter(name => name !== 'default' && name !== '__esModule').sort();
  const esModule = `import runtime from './index.js';\nexport const { ${names.join(', ')} } = runtime;\n`;
  save(join(RUNTIME, 'index.mjs'), esModule);

  const entry = { import: './runtime/index.mjs', default: './runtime/index.js' };
  save(join(MODULE, 'package.json'), JSON.stringify({ name: 'cdk-plumbline', version, exports: { './runtime': entry } }));
  save(join(MODULE, 'runtime/index.js'), "module.exports = require('../../../plumbline/index.js');\n");
  save(join(MODULE, 'runtime/index.mjs'), esModule);
}

async function emitTypes(): Promise<void> {
  execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', join(ROOT, 'runtime/node/tsconfig.json')], { stdio: 'inherit' });
  const types = join(ASSETS, 'types');
  const index = join(types, 'runtime/node/index.d.ts');
  await writeTypes(index, index, types);
}

function save(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

void main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
