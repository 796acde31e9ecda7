import { App, CfnResource, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Dashboard, GraphWidget, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Code, Function as PlainFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { exampleApps } from '../../build-tools/testing/apps';
import { ImagePlatformStack } from '../../examples/image-platform/image-platform-stack';
import { TextPlatformStack } from '../../examples/text-platform/text-platform-stack';
import * as plumbline from '../../src';
import {
  BedrockCallAlarms, BedrockClientPolicy, BedrockInvocationLogging, BedrockTaskRole, CatalogMetric, EnforcedGuardrail, Envelope,
  ErrorCodeAlarms, FactoryBypassDetector, GenAiEndpoint, GenAiModel, HandlerKind, ImageGenerationPlatform, MissingMetricAlarm,
  ModelNotebook, PresenceGate, PromptDriftAudit, PromptRegistry, ServiceTraffic, StandardDashboard, StandardLambda, StandardLambdaMixin,
  StandardRestApi, Standards, StandardWebsite, SyntheticRequests, TextGenerationPlatform, VersionDenyScp,
} from '../../src';
import { AlarmTemplate } from '../support/cloudwatch/alarms';
import { findUnemitted } from '../support/cloudwatch/emitted-metrics';
import { metricsReadBy } from '../support/cloudwatch/read-metrics';

const SERVICES = ['chat', 'digest', 'jobs'];
/** That of the stack, and those whose services a registry of prompts watches. */
const ENVIRONMENTS = ['staging', 'dev', 'prod'];
const CODE = { code: Code.fromInline('exports.handler = async () => 1'), handler: 'index.handler' };

function newStack(): Stack {
  const app = new App();
  Standards.apply(app, { product: 'Shop', environment: 'staging', checks: false });
  return new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
}

/** Every construct of the library, each in the ways in which it reads metrics. */
function everyConstruct(): Stack {
  const stack = newStack();
  new BedrockClientPolicy(stack, 'Policy');
  new EnforcedGuardrail(stack, 'Guardrail', {
    guardrailArn: 'arn:aws:bedrock:us-east-1:111122223333:guardrail/abcdefghijkl', version: '3',
  });
  new VersionDenyScp(stack, 'Scp', { from: '1.4.0', to: '1.4.2', targetIds: ['111122223333'] });
  const silent = CatalogMetric.catalog().filter(({ zeroIsFault }) => zeroIsFault);
  const role = new BedrockTaskRole(stack, 'Role', { allowedModels: ['amazon.nova-lite-v1:0'] });
  new StandardLambda(stack, 'Chat', { ...CODE, serviceName: 'chat', role, alarms: silent });
  new StandardLambda(stack, 'Jobs', { ...CODE, serviceName: 'jobs', kind: HandlerKind.EVENT, envelope: Envelope.LOG_ONLY });
  new PlainFunction(stack, 'Digest', { ...CODE, runtime: Runtime.NODEJS_22_X, timeout: Duration.seconds(30) })
    .with(new StandardLambdaMixin({ serviceName: 'digest', traffic: ServiceTraffic.SPORADIC }));
  for (const metric of silent) new MissingMetricAlarm(stack, `${metric.id}Silent`, { metric });
  new ErrorCodeAlarms(stack, 'Errors');
  for (const serviceName of SERVICES) new ErrorCodeAlarms(stack, `${serviceName}Errors`, { serviceName });
  new BedrockCallAlarms(stack, 'Calls');
  for (const serviceName of SERVICES) new BedrockCallAlarms(stack, `${serviceName}Calls`, { serviceName });
  const registry = new PromptRegistry(stack, 'Prompts', { environments: ['dev', 'staging', 'prod'], pipelineRoles: [role] });
  new StandardRestApi(stack, 'Api').root.addMethod('GET');
  new StandardWebsite(stack, 'Website');
  new TextGenerationPlatform(stack, 'Text', { cloudWatchRole: true });
  const { vpc } = new ImageGenerationPlatform(stack, 'Image', { cloudWatchRole: false });
  const falcon = new GenAiEndpoint(stack, 'Falcon', {
    model: GenAiModel.jumpStart('huggingface-llm-falcon-7b-instruct-bf16', '4.6.16'), instanceType: 'ml.g5.2xlarge',
  });
  new ModelNotebook(stack, 'Notebook', { endpoint: falcon, vpc });
  new StandardDashboard(stack, 'Dashboard', {
    services: SERVICES,
    endpoints: [falcon],
    models: ['amazon.nova-lite-v1:0', 'us.anthropic.claude-sonnet-4-6'],
    bedrockRegions: ['us-east-1', 'us-west-2'],
  });
  new PresenceGate(stack, 'Gate', { serviceName: 'chat', requests: SyntheticRequests.http('https://shop.example/chat') });
  new BedrockInvocationLogging(stack, 'InvocationLogging');
  new FactoryBypassDetector(stack, 'Bypass');
  new PromptDriftAudit(stack, 'Audit', { registry });
  return stack;
}

const written = (stack: Stack): AlarmTemplate => Template.fromStack(stack).toJSON() as AlarmTemplate;

test('every construct is among those that are looked at: a new one belongs into everyConstruct()', () => {
  const nodes = everyConstruct().node.findAll();
  const exported = Object.entries<unknown>(plumbline).flatMap(([name, type]) =>
    (typeof type === 'function' && type.prototype instanceof Construct ? [{ name, type }] : []));
  expect(exported.length).toBeGreaterThan(10);
  expect(exported.filter(({ type }) => !nodes.some(node => node instanceof type)).map(({ name }) => name)).toEqual([]);
});

test('no alarm and no widget of any construct reads what nobody emits', () => {
  const template = written(everyConstruct());
  expect(metricsReadBy(template).length).toBeGreaterThan(150);
  expect(findUnemitted([template], 'Shop', ENVIRONMENTS)).toEqual([]);
});

test('no alarm and no widget of the platforms\' examples reads what nobody emits', () => {
  expect(findUnemitted([written(new TextPlatformStack(new App(), 'Text'))], 'Newsroom', ENVIRONMENTS)).toEqual([]);
  expect(findUnemitted([written(new ImagePlatformStack(new App(), 'Image'))], 'Gallery', ENVIRONMENTS)).toEqual([]);
});

test('the other examples are looked at by tests of their own', () => {
  expect(exampleApps()).toEqual(['adoption', 'image-platform', 'manga-assist', 'text-platform']);
});

const metric = (namespace: string, metricName: string, dimensionsMap: Record<string, string> = {}): Metric =>
  new Metric({ namespace, metricName, dimensionsMap });
const math = (expression: string, usingMetrics: Record<string, Metric> = {}): MathExpression =>
  new MathExpression({ expression, usingMetrics });
const search = (schema: string, name: string): MathExpression => math(`SEARCH('{${schema}} MetricName="${name}"', 'Sum')`);
const RIGHT = { service_name: 'chat', environment: 'staging' };

describe('it would be found out', () => {
  test.each<[string, Metric | MathExpression, RegExp]>([
    ['one too few', metric('Shop/Bedrock', 'InvocationCount', { service_name: 'chat' }), /\[service_name] is never emitted with these/],
    ['one too many', metric('Shop/Bedrock', 'InvocationCount', { ...RIGHT, model_id: 'x' }), /is never emitted with these dimensions$/],
    ['another environment', metric('Shop/Errors', 'ErrorCount', { environment: 'prod' }), /is never emitted with environment = prod$/],
    ['a code that is none', metric('Shop/Errors', 'ErrorCount', { environment: 'staging', error_code: 'NO' }), /with error_code = NO$/],
    ['another product', metric('Store/Errors', 'ErrorCount', RIGHT), /is no metric of the catalogue$/],
    ['an area that has it not', metric('Shop/Session', 'ErrorCount', RIGHT), /is no metric of the catalogue$/],
    ['one in metric math', math('m / 2', { m: metric('Shop/Errors', 'Errors', RIGHT) }), /Errors .* is no metric/],
    ['a name that AWS has not', metric('AWS/Bedrock', 'Calls', { ModelId: 'x' }), /Calls \[ModelId] is not emitted by AWS$/],
    ['a search in dimensions that AWS has not', search('AWS/Bedrock,Model', 'Invocations'), /\[Model] is not emitted/],
    ['a search in ours', search('"Shop/Errors",environment,code', 'ErrorCount'), /\[environment,code] is never/],
  ])('%s: on a dashboard, and in an alarm, which takes no search', (_what, read, problem) => {
    const stack = newStack();
    const right = CatalogMetric.ERROR_COUNT.metric(stack, { serviceName: 'chat' });
    new Dashboard(stack, 'Dashboard', { widgets: [[new GraphWidget({ left: [right, read, right] })]] });
    const isSearch = read instanceof MathExpression && read.expression.startsWith('SEARCH');
    if (!isSearch) read.createAlarm(stack, 'Alarm', { threshold: 1, evaluationPeriods: 1 });
    const found = findUnemitted([written(stack)], 'Shop', ['staging']);
    expect(found).toEqual(Array.from({ length: isSearch ? 1 : 2 }, () => expect.stringMatching(problem) as string));
  });

  test('in a scaling policy', () => {
    const stack = newStack();
    const Dimensions = [{ Name: 'code', Value: 'x' }];
    const CustomizedMetricSpecification = { Namespace: 'Shop/Errors', MetricName: 'ErrorCount', Dimensions };
    new CfnResource(stack, 'Policy', {
      type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
      properties: { TargetTrackingScalingPolicyConfiguration: { CustomizedMetricSpecification } },
    });
    expect(findUnemitted([written(stack)], 'Shop', ['staging'])).toEqual([expect.stringMatching(/^Policy: .*\[code] is never emitted/)]);
  });

  test('a metric whose filter is gone', () => {
    const template = written(everyConstruct());
    const kept = Object.entries(template.Resources).filter(([, { Type }]) => Type !== 'AWS::Logs::MetricFilter');
    expect(findUnemitted([{ Resources: Object.fromEntries(kept) }], 'Shop', ENVIRONMENTS)).toEqual([
      expect.stringContaining('Shop/InitFailure chat-staging'),
      expect.stringContaining('Shop/InitFailure jobs-staging'),
      expect.stringContaining('Shop/InitFailure digest-staging'),
      expect.stringContaining('Shop/InitFailure text-generation-staging'),
      expect.stringContaining('Shop/InitFailure image-jobs-staging'),
      expect.stringContaining('Shop/InitFailure image-worker-staging'),
      expect.stringContaining('Shop/InitFailure plumbline-presence-gate-staging'),
      expect.stringContaining('Shop/InitFailure plumbline-invocation-logging-staging'),
      expect.stringContaining('Shop/InitFailure plumbline-bypass-detector-staging'),
      expect.stringContaining('Shop/InitFailure plumbline-prompt-drift-audit-staging'),
    ]);
  });
});
