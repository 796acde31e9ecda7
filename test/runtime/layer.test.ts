import { execFileSync } from 'child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { deflateRawSync } from 'zlib';
import { buildSync } from 'esbuild';
import { RUNTIME_ENVIRONMENT } from '../../src/contract/data';
import { MACHINE_NODE } from '../support/runtime-function';
import { NODE_22, NODE_24 } from '../support/runtime-generations';

const ROOT = join(__dirname, '../..');
const LAYER = join(ROOT, RUNTIME_ENVIRONMENT.layers.node.asset);
const files = readdirSync(LAYER, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
const text = (path: string) => readFileSync(path, 'utf8');

test('is at most 1.5 MB zipped', () => {
  const zipped = files.reduce((bytes, file) => bytes + deflateRawSync(readFileSync(file)).length + 2 * file.length + 100, 0);
  expect(zipped).toBeLessThan(1.5 * 1024 * 1024);
});

test('holds the handler where Lambda is told to look', () => {
  const path = RUNTIME_ENVIRONMENT.layers.node.handler.replace(/^\/opt\//, '').replace(/\.handler$/, '.mjs');
  expect(existsSync(join(LAYER, path))).toBe(true);
});

test('is minified, and its source maps are in the release and not in the layer', () => {
  for (const file of files) {
    expect(file).not.toMatch(/\.map$/);
    expect(text(file)).not.toContain('sourceMappingURL');
  }
  const maps = readdirSync(join(ROOT, 'assets/runtime/source-maps'));
  for (const file of files.filter(path => /plumbline\/(?!index\.mjs)[^/]+\.m?js$/.test(path) && !path.includes('node_modules'))) {
    const name = `${file.split('/').pop()}.map`;
    expect(maps).toContain(name);
  }
  const read = maps.map(map => JSON.parse(text(join(ROOT, 'assets/runtime/source-maps', map))) as { sources: string[]; mappings: string });
  const ofHandler = read.find(({ sources }) => sources.join().includes('runtime/node/handler/layer/start-function.ts'));
  expect(ofHandler?.mappings.length).toBeGreaterThan(1000);
});

test('knows the version of the library it was built with', () => {
  expect(files.filter(file => text(file).includes('PLUMBLINE_VERSION'))).toEqual([]);
});

test('holds no path of the machine that built it', () => {
  for (const file of files) expect(text(file)).not.toContain(ROOT);
});

describe('what is loaded at once', () => {
  const codeOf = (name: string) => text(join(LAYER, 'nodejs/plumbline', name));
  const filesOf = (...names: string[]): ReadonlySet<string> => {
    const loaded = new Set(names);
    for (const name of loaded) {
      for (const [, shared] of codeOf(name).matchAll(/require\("\.\/(shared-[^"]+|start\.js)"\)/g)) loaded.add(shared);
    }
    return loaded;
  };
  const withShared = (...names: string[]): string => [...filesOf(...names)].map(codeOf).join('\n');

  test('has no SDK, which comes with the first client of a model, and nothing of the probe, which comes with a probe', () => {
    const code = withShared('index.js', 'core.js');
    expect(code.length).toBeLessThan(80_000);
    expect(code).not.toContain('com.amazonaws.bedrockruntime');
    expect(code).not.toContain('AWS4-HMAC');
    expect(withShared('bedrock.js')).toContain('com.amazonaws.bedrockruntime');
    expect(code).not.toContain('com.amazonaws.sagemakerruntime');
    expect(withShared('sagemaker.js')).toContain('com.amazonaws.sagemakerruntime');
    expect(withShared('sagemaker.js')).not.toContain('com.amazonaws.bedrockruntime');
    expect(codeOf('probe.js')).toContain('AWS4-HMAC');
  });

  test('before the probe is sent is little: the rest loads while its requests are under way', () => {
    const code = withShared('start.js');
    expect(code.length).toBeLessThan(15_000);
  });

  test('has nothing of Powertools, which comes with the first line and the first datum', () => {
    expect(withShared('index.js', 'core.js', 'probe.js')).not.toContain('POWERTOOLS');
    expect(withShared('powertools.js')).toContain('POWERTOOLS');
  });

  test('has nothing of what only a text that leaves needs, or only a function that streams', () => {
    const code = withShared('index.js', 'core.js');
    expect(code).not.toContain('BEGIN');
    expect(code).not.toContain('destroyed its response stream');
    expect(codeOf('redaction.js')).toContain('BEGIN');
    expect(codeOf('stream.js')).toContain('destroyed its response stream');
  });

  test('has none of what the contract says to people', () => {
    expect(withShared('index.js', 'core.js')).not.toMatch(/\b(description|clientAction|freshnessSeconds):/);
    const sources = ['runtime/node', 'src/contract'].flatMap(folder =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter(name => /(?<!data)\.ts$/.test(name)).map(name => text(join(ROOT, folder, name))));
    const reads = sources.filter(source => /\.(clientAction|freshnessSeconds|emittedBy|zeroIsFault|constant|owner|alarm)\b/.test(source));
    expect(reads).toEqual([]);
  });

  test('stands in few files: reading each takes time', () => {
    expect([...filesOf('core.js')].sort()).toEqual(['core.js', 'start.js']);
  });
});

describe.each([
  ["Lambda's Node.js 24", NODE_24.node],
  ["Lambda's Node.js 22", NODE_22.node],
  ["this machine's Node", MACHINE_NODE],
])('outside of Lambda, on %s', (_name, node) => {
  const run = (type: string, code: string) =>
    execFileSync(node, [`--input-type=${type}`, '-e', code], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  const names = ['BedrockClientFactory', 'EnvelopeError', 'SageMakerClientFactory', 'emitMetric', 'flushMetrics', 'getPrompt', 'logger',
    'partial', 'standardHandler', 'success', 'terminalFrame', 'toErrorEnvelope', 'withPrompt'].join();

  test('the package gives the same module to require and import', () => {
    expect(run('commonjs', 'console.log(Object.keys(require("cdk-plumbline/runtime")).sort().join())')).toBe(names);
    expect(run('module', 'import * as runtime from "cdk-plumbline/runtime"; console.log(Object.keys(runtime).sort().join())')).toBe(names);
  });

  test('a unit test can call a handler under the standard', () => {
    const code = `
      import { standardHandler, EnvelopeError } from "cdk-plumbline/runtime";
      const handler = standardHandler(async event => {
        if (!event.id) throw new EnvelopeError("INVALID_REQUEST", "id is missing.");
        return event.id;
      });
      const call = event => handler({ ...event, requestContext: { http: { method: "POST" } } }, {});
      console.log((await call({})).statusCode, JSON.parse((await call({ id: 7 })).body).data);`;
    expect(run('module', code).split('\n').pop()).toBe('400 7');
  });

  test.each(['esm', 'cjs'] as const)('a bundle of the format %s with its own copy of the runtime starts, without a banner', format => {
    const folder = mkdtempSync(join(tmpdir(), 'own-copy-'));
    const outfile = join(folder, format === 'esm' ? 'handler.mjs' : 'handler.js');
    const contents = `
      import { BedrockClientFactory, success } from 'cdk-plumbline/runtime';
      const client = BedrockClientFactory.create({ taskType: 'synthesis', region: 'us-east-1' });
      console.log(success(typeof client.converse).data);`;
    const alias = { 'cdk-plumbline/runtime': join(LAYER, 'nodejs/plumbline', format === 'esm' ? 'index.mjs' : 'index.js') };
    buildSync({ stdin: { contents, resolveDir: ROOT }, alias, bundle: true, platform: 'node', format, outfile, logLevel: 'silent' });
    expect(execFileSync(node, [outfile], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()).toBe('function');
    rmSync(folder, { recursive: true });
  });
});
