import { mkdirSync, readFileSync, writeFileSync } from 'fs';
import { isBuiltin } from 'module';
import { basename, dirname, join } from 'path';
import { build, transform, type BuildOptions, type Plugin } from 'esbuild';
import { inFewFiles, type FilesTogether } from './few-files';
import { BundleTarget, packageVersion, ROOT } from './target';
import * as contract from '../../src/contract/data';

const { asset: ASSET } = contract.RUNTIME_ENVIRONMENT.layers.node;
const SOURCE_MAPS = 'assets/runtime/source-maps';

/**
 * The layer of the Node runtime, its source maps beside it.
 *
 * The parts share one copy of all state: they are bundled together as ES modules, which esbuild can split, and then
 * each file becomes CommonJS, which `require` and `import` both can load.
 */
export const nodeLayer: BundleTarget = {
  name: 'node-layer',
  folders: [ASSET, SOURCE_MAPS],
  build: async () => {
    await bundleRuntime();
    await bundleHandler();
    await writeModule();
  },
};

const SOURCES = join(ROOT, 'runtime/node');
const LAYER = join(ROOT, ASSET, 'nodejs');
const RUNTIME = join(LAYER, 'plumbline');
const MODULE = join(LAYER, 'node_modules/cdk-plumbline');
const TARGET = 'node20';

/** Loaded with the first Bedrock client, so that other functions do not pay for the SDK. */
const BEDROCK_ENTRY = join(SOURCES, 'bedrock/client/standard-clients.ts');
const SAGEMAKER_ENTRY = join(SOURCES, 'sagemaker/standard-sagemaker-clients.ts');
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
  // A service in a container brings it; a function writes its metrics into the log.
  external: ['@aws-sdk/client-cloudwatch'],
  absWorkingDir: ROOT,
  define: { PLUMBLINE_VERSION: JSON.stringify(packageVersion()) },
  logLevel: 'warning',
};

const ON_DEMAND: readonly [filter: RegExp, file: string][] = [
  [/\/standard-clients$/, './bedrock.js'], [/\/standard-sagemaker-clients$/, './sagemaker.js'],
  [/\/standard-prompts$/, './prompts.js'], [/\/aws-store$/, './prompt-store.js'],
  [/\/iam-probe$/, './probe.js'], [/\/wrapped-function$/, './core.js'],
  [/\/stream-handler$/, './stream.js'], [/\/redaction-rules$/, './redaction.js'], [/\/powertools-logger$/, './powertools.js'],
  [/\/emf-format$/, './powertools.js'],
];

/** What is loaded by `require` in the middle of the code stays a file of its own. */
const onDemand: Plugin = {
  name: 'on-demand',
  setup: ({ onResolve }) => {
    for (const [filter, path] of ON_DEMAND) {
      onResolve({ filter }, ({ kind }) => (kind === 'require-call' ? { path, external: true } : undefined));
    }
  },
};

/** What the contract says to people and to the constructs: no function needs it. */
const NOT_FOR_FUNCTIONS: ReadonlySet<string> = new Set([
  'description', 'owner', 'clientAction', 'constant', 'freshnessSeconds', 'emittedBy', 'zeroIsFault', 'alarm',
]);

/** Each document of the contract is a module of its own, so that a start which needs one does not read them all. */
const documentsApart: Plugin = {
  name: 'documents-apart',
  setup: ({ onLoad, onResolve }) => {
    onLoad({ filter: /[\\/](runtime[\\/]node|src[\\/]contract)[\\/].*ts$/ }, ({ path }) => ({
      loader: 'ts',
      contents: readFileSync(path, 'utf8').replace(/^import \{ (.+) \} from '[^']*\/data';$/gm, (_import, names: string) =>
        names.split(', ').map(name => `import { ${name} } from 'contract:${name}';`).join(' ')),
    }));
    onResolve({ filter: /^contract:/ }, ({ path }) => ({ path: path.slice('contract:'.length), namespace: 'contract' }));
    onLoad({ filter: /^/, namespace: 'contract' }, ({ path }) => ({
      contents: `export const ${path} = ${forFunctions(contract[path as keyof typeof contract])};`,
    }));
  },
};

const forFunctions = (document: object): string =>
  JSON.stringify(document, (name, value: unknown) => (NOT_FOR_FUNCTIONS.has(name) ? undefined : value));

async function bundleRuntime(): Promise<void> {
  await bundleAsCommonJs({
    'index': join(SOURCES, 'index.ts'),
    'layer': join(SOURCES, 'handler/layer/start-function.ts'),
    'function': join(SOURCES, 'handler/layer/wrapped-function.ts'),
    'stream': join(SOURCES, 'handler/kinds/stream-handler.ts'),
    'redaction': join(SOURCES, 'telemetry/redaction-rules.ts'),
    'logger': join(SOURCES, 'telemetry/powertools-logger.ts'),
    'emf': join(SOURCES, 'telemetry/emf-format.ts'),
    'bedrock': BEDROCK_ENTRY,
    'sagemaker': SAGEMAKER_ENTRY,
    'prompts': join(SOURCES, 'prompts/standard-prompts.ts'),
    'prompt-store': join(SOURCES, 'prompts/aws-store.ts'),
  }, { start: ['layer'], core: ['index', 'function'], powertools: ['logger', 'emf'] }, ['index']);
  await bundleAsCommonJs({ probe: PROBE_ENTRY });
}

async function bundleAsCommonJs(
  entryPoints: Record<string, string>, together: FilesTogether = {}, published: readonly string[] = [],
): Promise<void> {
  const { outputFiles } = await build({
    ...SHARED,
    entryPoints,
    format: 'esm',
    // The minifier would hide the names that withPlainRequire looks for; each file is minified as it becomes CommonJS.
    minify: false,
    splitting: true,
    chunkNames: 'shared-[hash]',
    plugins: [onDemand, documentsApart],
    outdir: RUNTIME,
  });
  const texts = new Map(outputFiles!.map(({ path, text }) => [basename(path), text]));
  const parts = new Map([...texts].filter(([name]) => name.endsWith('.js'))
    .map(([name, text]) => [name, { code: withPlainRequire(withoutBuiltinImports(text)), map: texts.get(`${name}.map`)! }]));
  for (const file of await inFewFiles(parts, Object.keys(entryPoints), together, published)) {
    const { code, map } = await transform(`${file.code}\n//# sourceMappingURL=${file.map}`, {
      platform: 'node', target: TARGET, minify: true, treeShaking: true, sourcemap: 'external', sourcefile: file.name,
    });
    save(join(RUNTIME, file.name), code);
    save(sourceMap(file.name), map);
  }
}

/**
 * In ES modules esbuild reaches `require` through a shim, behind which the bundler of a user who bundles this module
 * would not find the file that is loaded on demand. The spaces keep the source map's columns.
 */
function withPlainRequire(source: string): string {
  return source.replace(/\b__require\(/g, '  require(');
}

/**
 * Imports of Node's own modules would become calls of `require`, and there is none for a user who bundles this module into an ES
 * module. Each keeps its lines, so that the source map stays right.
 */
function withoutBuiltinImports(source: string): string {
  return source
    .replace(/^import (?:\* as )?([\w$]+)?(?:, )?({[^}]+})? from "([^"]+)";$/gm, (line, whole: string, parts: string, module: string) => {
      if (!isBuiltin(module)) return line;
      const names = [whole, parts?.replace(/ as /g, ': ')].filter(name => name !== undefined);
      return names.map(name => `const ${name} = ${builtin(module)};`).join(' ');
    })
    .replace(/\b__require\("([^"]+)"\)/g, (call, module: string) => (isBuiltin(module) ? builtin(module) : call));
}

const builtin = (module: string): string => `process.getBuiltinModule("${module}")`;

async function bundleHandler(): Promise<void> {
  const { outputFiles } = await build({
    ...SHARED,
    entryPoints: [join(SOURCES, 'handler/layer/handler.mts')],
    format: 'esm',
    outfile: join(RUNTIME, 'handler.mjs'),
  });
  for (const { path, text } of outputFiles!) save(path.endsWith('.map') ? sourceMap(path.slice(0, -'.map'.length)) : path, text);
}

/**
 * The ES module only names what the CommonJS module holds, so that both see the same state. In the layer's node_modules
 * stands a mere pointer: an exports map of npm's package may not lead into a folder of that name.
 */
async function writeModule(): Promise<void> {
  const runtime = await import(join(RUNTIME, 'index.js')) as object;
  const names = Object.keys(runtime).filter(name => name !== 'default' && name !== '__esModule').sort();
  const esModule = `import runtime from './index.js';\nexport const { ${names.join(', ')} } = runtime;\n`;
  save(join(RUNTIME, 'index.mjs'), esModule);

  const entry = { import: './runtime/index.mjs', default: './runtime/index.js' };
  save(join(MODULE, 'package.json'), JSON.stringify({ name: 'cdk-plumbline', version: packageVersion(), exports: { './runtime': entry } }));
  save(join(MODULE, 'runtime/index.js'), "module.exports = require('../../../plumbline/index.js');\n");
  save(join(MODULE, 'runtime/index.mjs'), esModule);
}

/** Not in the layer: it would only slow a start down. */
const sourceMap = (file: string): string => join(ROOT, SOURCE_MAPS, `${basename(file)}.map`);

function save(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
