import { CompiledSources } from './support/compiled-sources';

/** Prints how many modules of cdk-nag are loaded after the first function of an app, and after its synthesis. */
const firstFunction = (checks: boolean) => `
  const { App, Stack } = require('aws-cdk-lib');
  const { Code } = require('aws-cdk-lib/aws-lambda');
  const { BedrockTaskRole, StandardLambda, Standards } = require('cdk-plumbline');

  const loaded = () => Object.keys(require.cache).filter(file => file.includes('cdk-nag')).length;
  const app = new App({ outdir: require('fs').mkdtempSync('cdk.out') });
  Standards.apply(app, { product: 'MangaAssist', environment: 'prod', checks: ${checks} });
  const stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  new StandardLambda(stack, 'Chat', {
    serviceName: 'chat',
    code: Code.fromInline('exports.handler = async () => 1'),
    handler: 'index.handler',
    role: new BedrockTaskRole(stack, 'Role', { allowedModels: ['amazon.nova-pro-v1:0'] }),
  });
  const afterFunction = loaded();
  app.synth();
  console.log(JSON.stringify({ afterFunction, afterSynth: loaded() }));
`;

let library: CompiledSources;
beforeAll(() => {
  library = new CompiledSources();
});
afterAll(() => library.remove());

test('the first function of an app loads nothing of cdk-nag; synthesis loads it for the checks', () => {
  const { afterFunction, afterSynth } = JSON.parse(library.run(firstFunction(true)));
  expect(afterFunction).toBe(0);
  expect(afterSynth).toBeGreaterThan(0);
});

test('without checks nothing of cdk-nag is ever loaded', () => {
  expect(JSON.parse(library.run(firstFunction(false)))).toEqual({ afterFunction: 0, afterSynth: 0 });
});
