import { Stack } from 'aws-cdk-lib';
import {
  AdotLambdaExecWrapper, AdotLambdaLayerJavaScriptSdkVersion, AdotLayerVersion, CfnFunction, LayerVersion,
} from 'aws-cdk-lib/aws-lambda';
import { newStack, standardLambda, warningsOf, warningText } from './support';

const withOptions = (options: string) => ({ environment: { NODE_OPTIONS: options } });

test.each<[string, Parameters<typeof standardLambda>[1]]>([
  ['AWS_LAMBDA_EXEC_WRAPPER', { environment: { AWS_LAMBDA_EXEC_WRAPPER: '/opt/wrapper' } }],
  ['AWS_LAMBDA_EXEC_WRAPPER', {
    adotInstrumentation: {
      execWrapper: AdotLambdaExecWrapper.REGULAR_HANDLER,
      layerVersion: AdotLayerVersion.fromJavaScriptSdkLayerVersion(AdotLambdaLayerJavaScriptSdkVersion.LATEST),
    },
  }],
  ['DD_LAMBDA_HANDLER', { environment: { DD_LAMBDA_HANDLER: 'index.handler' } }],
  ['NEW_RELIC_LAMBDA_HANDLER', { environment: { NEW_RELIC_LAMBDA_HANDLER: 'index.handler' } }],
  ['NODE_OPTIONS --require', withOptions('--enable-source-maps --require /opt/trace.js')],
  ['NODE_OPTIONS -r', withOptions('-r elastic-apm-node/start')],
  ['NODE_OPTIONS --import', withOptions('--import=@sentry/aws-serverless/awslambda-auto')],
])('%s is noticed', (name, props) => {
  const stack = newStack();
  standardLambda(stack, props);
  expect(warningsOf(stack)).toEqual(['handlerRedirection']);
  expect(warningText(stack, 'handlerRedirection')).toContain(name);
});

test.each(['Datadog-Node22-x', 'NewRelicNodeJS22X', 'SentryNodeServerlessSDKv9', 'Dynatrace_OneAgent_1_311_nodejs'])(
  'the layer %s is noticed, also in a stack without a Region', layer => {
    const stack = newStack();
    const arn = `arn:aws:lambda:${stack.region}:464622532012:layer:${layer}:123`;
    standardLambda(stack, { layers: [LayerVersion.fromLayerVersionArn(stack, 'Monitoring', arn)] });
    expect(warningText(stack, 'handlerRedirection')).toContain(`the layer ${layer}`);
  },
);

test('all that is found stands in one warning', () => {
  const stack = newStack();
  standardLambda(stack, { environment: { AWS_LAMBDA_EXEC_WRAPPER: '/opt/w', NODE_OPTIONS: '-r x' } });
  expect(warningText(stack, 'handlerRedirection')).toMatch(/^AWS_LAMBDA_EXEC_WRAPPER, NODE_OPTIONS -r may put code/);
});

test('a handler that is replaced after the standard came is noticed', () => {
  const stack = newStack();
  const fn = standardLambda(stack);
  (fn.node.defaultChild as CfnFunction).handler = '/opt/nodejs/node_modules/datadog-lambda-js/handler.handler';
  expect(warningsOf(stack)).toEqual(['replacedHandler']);
});

test.each<[string, (stack: Stack) => void]>([
  ['options that preload nothing', stack => standardLambda(stack, withOptions('--enable-source-maps --max-old-space-size=400'))],
  ['variables of its own', stack => standardLambda(stack, { environment: { STAGE: 'prod', DD_SITE: 'datadoghq.eu' } })],
  ['options that are known only at deployment', stack => standardLambda(stack, withOptions(stack.account))],
  ['layers of other things', stack => standardLambda(stack, {
    layers: [LayerVersion.fromLayerVersionArn(stack, 'L', 'arn:aws:lambda:eu-west-1:123456789012:layer:sharp:3')],
  })],
  ['the extension of Datadog, which only forwards', stack => standardLambda(stack, {
    layers: [LayerVersion.fromLayerVersionArn(stack, 'L', 'arn:aws:lambda:eu-west-1:464622532012:layer:Datadog-Extension:80')],
  })],
])('a function with %s is not warned of', (_what, create) => {
  const stack = newStack();
  create(stack);
  expect(warningsOf(stack)).toEqual([]);
});
