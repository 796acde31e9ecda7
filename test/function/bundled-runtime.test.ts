import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, NodejsFunctionProps, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { buildSync, type Format } from 'esbuild';
import { newStack, standardLambda, warningsOf, warningText } from './support';
import { StandardLambdaMixin, Standards } from '../../src';
import { RUNTIME_ENVIRONMENT } from '../../src/contract/data';

const ROOT = join(__dirname, '../..');
const ENTRY = join(ROOT, 'examples/manga-assist/services/chat/index.ts');
const PUBLISHED = { alias: { 'cdk-plumbline/runtime': join(ROOT, RUNTIME_ENVIRONMENT.layers.node.asset, 'nodejs/plumbline/index.js') } };

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'plumbline-bundle-')); });
afterEach(() => rmSync(folder, { recursive: true }));

function nodejsFunction(stack: Stack, bundling?: NodejsFunctionProps['bundling']): void {
  const fn = new NodejsFunction(stack, 'Chat', { entry: ENTRY, runtime: Runtime.NODEJS_22_X, bundling });
  fn.with(new StandardLambdaMixin({ serviceName: 'chat' }));
}

const ids = (stack: Stack): string[] => warningsOf(stack).filter(id => id === 'bundledRuntime');

describe('a NodejsFunction whose bundle holds a copy of the runtime', () => {
  test.each<[string, NodejsFunctionProps['bundling']]>([
    ['as CommonJS', {}],
    ['minified', { minify: true }],
    ['as a minified ES module', { minify: true, format: OutputFormat.ESM }],
  ])('%s is told the line to add', (_how, bundling) => {
    const stack = newStack();
    nodejsFunction(stack, bundling);
    expect(warningText(stack, 'bundledRuntime')).toContain(
      "bundling: { externalModules: ['cdk-plumbline/runtime', '@aws-sdk/*'] }",
    );
  });

  test('keeps what is left out by default: with the feature flag also @smithy', () => {
    const stack = new Stack(new App({ context: { '@aws-cdk/aws-lambda-nodejs:sdkV3ExcludeSmithyPackages': true } }), 'Stack');
    Standards.apply(stack, { product: 'Shop', environment: 'dev', checks: false });
    nodejsFunction(stack);
    expect(warningText(stack, 'bundledRuntime')).toContain("['cdk-plumbline/runtime', '@aws-sdk/*', '@smithy/*']");
  });

  test('is well with that line', () => {
    const stack = newStack();
    nodejsFunction(stack, { externalModules: ['cdk-plumbline/runtime', '@aws-sdk/*'] });
    expect(ids(stack)).toEqual([]);
  });
});

describe('the published runtime', () => {
  const bundle = (format: Format, minify: boolean): string => {
    const outfile = join(folder, 'index.js');
    buildSync({ entryPoints: [ENTRY], bundle: true, platform: 'node', target: 'node22', format, minify, outfile, ...PUBLISHED });
    return folder;
  };

  const forms: [Format, boolean][] = [['cjs', false], ['cjs', true], ['esm', true]];

  test.each(forms)('is found in a bundle as %s, minified: %s', (format, minify) => {
    const stack = newStack();
    standardLambda(stack, { code: Code.fromAsset(bundle(format, minify)) });
    expect(ids(stack)).toEqual(['bundledRuntime']);
  });
});

test('a function with inline code, and one of the example\'s services, is not warned of', () => {
  const stack = newStack();
  standardLambda(stack);
  standardLambda(stack, { code: Code.fromAsset(join(ROOT, 'integ/handler')) }, 'Other');
  expect(warningsOf(stack)).toEqual([]);
});
