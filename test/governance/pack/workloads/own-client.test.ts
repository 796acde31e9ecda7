import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync, type BuildOptions } from 'esbuild';
import { PlumblineChecks, StandardLambda, Standards } from '../../../../src';
import { RUNTIME_ENVIRONMENT } from '../../../../src/contract/data';

const ROOT = join(__dirname, '../../../..');
const SDK = '@aws-sdk/client-bedrock-runtime';
const ID = 'PlumblineChecks-FunctionUsesRuntimeLayer[Client::own]';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'plumbline-client-')); });
afterEach(() => rmSync(folder, { recursive: true }));

function warnings(code: Code): string[] {
  const stack = new Stack(new App(), 'Stack');
  Standards.apply(stack, { product: 'Shop', environment: 'dev', checks: false });
  new StandardLambda(stack, 'Chat', { serviceName: 'chat', code, handler: 'index.handler' });
  const report = new PlumblineChecks(stack).validateScope(stack);
  expect(report.success).toBe(true);
  return report.violations.map(({ ruleName }) => ruleName);
}

function bundled(contents: string, options: BuildOptions): Code {
  buildSync({
    stdin: { contents, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    platform: 'node',
    outfile: join(folder, 'index.js'),
    alias: { 'cdk-plumbline/runtime': join(ROOT, RUNTIME_ENVIRONMENT.layers.node.asset, 'nodejs/plumbline/index.js') },
    ...options,
  });
  return Code.fromAsset(folder);
}

const USED_ONLY = ['module', 'main'];

/** As bundlers are set: both formats, minified or not, all of the SDK or what is used of it, in the bundle or left to Lambda. */
const BUNDLES: [string, BuildOptions][] = [
  ['all of the SDK, minified', { format: 'cjs', minify: true }],
  ['all of the SDK', { format: 'esm' }],
  ['what is used', { format: 'cjs', mainFields: USED_ONLY }],
  ['what is used, minified', { format: 'esm', mainFields: USED_ONLY, minify: true }],
  ['what is used, minified, older syntax', { format: 'cjs', mainFields: USED_ONLY, minify: true, target: 'es2019' }],
  ['the SDK of Lambda', { format: 'cjs', external: ['@aws-sdk/*'] }],
  ['the SDK of Lambda, minified', { format: 'esm', external: ['@aws-sdk/*'], minify: true }],
];

describe.each(BUNDLES)('in a bundle (%s)', (_how, options) => {
  test.each([
    ['BedrockRuntimeClient', `
      import { BedrockRuntimeClient } from '${SDK}';
      const client = new BedrockRuntimeClient({});
      export const handler = () => client.config;
    `],
    ['BedrockRuntime', `
      import * as sdk from '${SDK}';
      const client = new sdk.BedrockRuntime({});
      export const handler = () => client.converse({} as never);
    `],
  ])('a client of its own is a warning: %s', (_name, source) => {
    expect(warnings(bundled(source, options))).toEqual([ID]);
  });

  test.each([
    ['a command of the SDK for the runtime\'s client', `
      import { ConverseCommand } from '${SDK}';
      export const handler = () => new ConverseCommand({} as never);
    `],
    ['a client of another service', `
      import { STSClient } from '@aws-sdk/client-sts';
      const client = new STSClient({});
      export const handler = () => client.config;
    `],
  ])('%s is none', (_name, source) => {
    expect(warnings(bundled(source, options))).toEqual([]);
  });
});

test('the client inside a bundled copy of the runtime is the runtime\'s', () => {
  const source = `
    import { BedrockClientFactory } from 'cdk-plumbline/runtime';
    export const handler = () => BedrockClientFactory.create({ taskType: 'default' });
  `;
  expect(warnings(bundled(source, { format: 'cjs', minify: true }))).toEqual([]);
});

test.each([
  ['plain code', `const { BedrockRuntimeClient } = require('${SDK}'); exports.handler = async () => new BedrockRuntimeClient({});`],
  ['a name of its own', `const { BedrockRuntimeClient: Client } = require('${SDK}'); exports.handler = async () => new Client({});`],
  ['a module of its own', `const sdk = require('${SDK}'); exports.handler = async () => new sdk . BedrockRuntime ({});`],
])('%s that is not bundled counts too, also inline', (_what, source) => {
  writeFileSync(join(folder, 'index.js'), source);
  expect(warnings(Code.fromAsset(folder))).toEqual([ID]);
  expect(warnings(Code.fromInline(source))).toEqual([ID]);
});

test.each([
  ['a text', 'exports.handler = async () => ["Bedrock Runtime", "BedrockRuntimeClient"];'],
  ['the runtime\'s client', 'const { BedrockClientFactory: F } = require("cdk-plumbline/runtime"); exports.handler = () => F.create({});'],
  ['a class that sounds alike', 'class MyBedrockRuntimeClientX {} exports.handler = async () => new MyBedrockRuntimeClientX();'],
])('%s is no client', (_what, source) => {
  expect(warnings(Code.fromInline(source))).toEqual([]);
});

test.each([
  ['a chain without an end', `new ${'a.'.repeat(1_500_000)}`],
  ['a name without an end', `new ${'a'.repeat(3_000_000)}`],
  ['nothing but blanks', `new${' '.repeat(3_000_000)}BedrockRuntime`],
  ['the names alone', 'BedrockRuntime serviceId '.repeat(100_000)],
])('code of any shape is read in no time: %s', (_what, source) => {
  writeFileSync(join(folder, 'index.js'), source);
  const code = Code.fromAsset(folder);
  const before = process.cpuUsage();
  expect(warnings(code)).toEqual([]);
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(3000);
});
