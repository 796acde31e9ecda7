import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { LambdaIntegration } from 'aws-cdk-lib/aws-apigateway';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import {
  BedrockClientPolicy, BedrockTaskRole, CatalogMetric, GenAiEndpoint, GenAiModel, ImageGenerationPlatform, MissingMetricAlarm,
  ModelNotebook, StandardLambdaMixin, StandardLambda, StandardRestApi, Standards, TextGenerationPlatform,
} from '../../src';

/** Properties that name a resource outside its stack. */
const PHYSICAL_NAMES = [
  'AlarmName', 'RoleName', 'FunctionName', 'LogGroupName', 'EndpointName', 'EndpointConfigName', 'ModelName', 'LayerName', 'Name',
  'NotebookInstanceName', 'ResponseType',
];

interface Resource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
}

/**
 * A changed logical id replaces a user's resource at the next deployment, and a changed physical name can make it fail.
 * A difference here is a breaking change: mend the code rather than the snapshot.
 */
test('logical ids and physical names are those of the last release', () => {
  expect(namesIn(referenceStack('prod'))).toMatchSnapshot();
});

test('and so are those of the two platforms, and of a notebook in one of their networks', () => {
  const stack = new Stack(new App(), 'Platforms', { env: { account: '111122223333', region: 'us-east-1' } });
  Standards.apply(stack, { product: 'MangaAssist', environment: 'prod', checks: false });
  const { endpoint, vpc } = new TextGenerationPlatform(stack, 'Text');
  new ModelNotebook(stack, 'Notebook', { endpoint, vpc });
  new ImageGenerationPlatform(stack, 'Image');
  expect(namesIn(stack)).toMatchSnapshot();
});

test('outside production alarms have the environment in their names, and nothing else changes', () => {
  const withoutAlarmNames = (names: string[]): string[] => names.map(name => name.replace(/ AlarmName=.*/, ''));
  const [production, staging] = ['prod', 'staging'].map(environment => namesIn(referenceStack(environment)));
  expect(withoutAlarmNames(staging)).toEqual(withoutAlarmNames(production));
  expect(staging.filter(name => name.includes('AlarmName='))).toMatchSnapshot();
});

function referenceStack(environment: string): Stack {
  const stack = new Stack(new App(), 'Reference', { env: { account: '111122223333', region: 'us-east-1' } });
  Standards.apply(stack, { product: 'MangaAssist', environment });
  new BedrockClientPolicy(stack, 'ClientPolicy');
  const code = Code.fromInline('exports.handler = async () => 1');
  const chat = new StandardLambda(stack, 'Chat', {
    serviceName: 'chat',
    code,
    handler: 'index.handler',
    role: new BedrockTaskRole(stack, 'Role', { allowedModels: ['anthropic.claude-3-haiku-20240307-v1:0'] }),
  });
  new Function(stack, 'Existing', { code, handler: 'index.handler', runtime: Runtime.NODEJS_22_X })
    .with(new StandardLambdaMixin({ serviceName: 'cart' }));
  new StandardRestApi(stack, 'Api', { cloudWatchRole: false }).root.addMethod('POST', new LambdaIntegration(chat));
  new MissingMetricAlarm(stack, 'Silent', { metric: CatalogMetric.BEDROCK_INVOCATION_COUNT });
  new MissingMetricAlarm(stack, 'TeamSilent', { metric: CatalogMetric.team('Orders', { area: 'Checkout' }) });
  new GenAiEndpoint(stack, 'Falcon', {
    model: GenAiModel.jumpStart('huggingface-llm-falcon-7b-instruct-bf16', '4.6.16'),
    instanceType: 'ml.g5.2xlarge',
  });
  return stack;
}

function namesIn(stack: Stack): string[] {
  const { Resources } = Template.fromStack(stack).toJSON() as { Resources: Record<string, Resource> };
  return Object.entries(Resources)
    // The deployment's id changes on purpose whenever the API does.
    .filter(([, { Type }]) => Type !== 'AWS::ApiGateway::Deployment')
    .map(([logicalId, resource]) => [logicalId, resource.Type, ...physicalNames(resource)].join(' '))
    .sort();
}

function physicalNames({ Properties = {} }: Resource): string[] {
  return PHYSICAL_NAMES.flatMap(name => (typeof Properties[name] === 'string' ? [`${name}=${Properties[name]}`] : []));
}
