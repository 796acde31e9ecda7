import { readFileSync } from 'fs';
import { join } from 'path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { Alias } from 'aws-cdk-lib/aws-lambda';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { policiesOfRole } from './support/role-policies';
import {
  BedrockTaskRole, CatalogMetric, PresenceGate, PresenceGateProps, PresenceGateStep, Standards, SyntheticRequests,
} from '../../src';
import { OPERATIONS } from '../../src/contract/data';
import { actionsOf, requestsOf } from '../bedrock/support/action-data';
import { allows } from '../bedrock/support/simulation';
import { newStack, standardLambda, warningsOf } from '../function/support';

const MODEL = 'amazon.nova-lite-v1:0';
const ENV = { account: '123456789012', region: 'us-east-1' };

function chatStack() {
  const stack = newStack(ENV);
  stack.node.setContext('cdk-plumbline:today', '2026-11-28');
  const chat = standardLambda(stack, {
    role: new BedrockTaskRole(stack, 'ChatRole', { allowedModels: [MODEL] }),
    alarms: [CatalogMetric.LATENCY_END_TO_END_MS, CatalogMetric.BEDROCK_INVOCATION_COUNT, CatalogMetric.SESSION_COUNT],
  });
  const alias = new Alias(stack, 'Live', { aliasName: 'live', version: chat.currentVersion });
  const requests = SyntheticRequests.invoke(alias, [{ question: 'Is anybody there?' }]);
  const group = () => new LambdaDeploymentGroup(stack, 'Group', { alias, deploymentConfig: LambdaDeploymentConfig.ALL_AT_ONCE });
  return { stack, chat, alias, requests, group };
}

const gateOf = (props: Partial<PresenceGateProps> = {}) => {
  const { stack, requests } = chatStack();
  return new PresenceGate(stack, 'Gate', { serviceName: 'chat', requests, ...props });
};

function settingsIn(template: Template): Record<string, any> {
  const [fn] = Object.values(template.findResources('AWS::Lambda::Function', {
    Properties: { FunctionName: Match.stringLikeRegexp('PresenceGate$') as unknown as string },
  }));
  const written = fn.Properties.Environment.Variables[OPERATIONS.presenceGate.variable];
  if (typeof written === 'string') return JSON.parse(written);
  return JSON.parse(written['Fn::Join'][1].map((part: unknown) => (typeof part === 'string' ? part : 'REF')).join(''));
}

describe('a gate of a deployment', () => {
  const { stack, requests, group } = chatStack();
  const deploymentGroup = group();
  const gate = new PresenceGate(stack, 'Gate', { serviceName: 'chat', requests, deploymentGroup });
  const template = Template.fromStack(stack);

  test('is the hook after all traffic has gone to the new version', () => {
    const [alias] = Object.values(template.findResources('AWS::Lambda::Alias'));
    expect(alias.UpdatePolicy.CodeDeployLambdaAliasUpdate.AfterAllowTrafficHook).toEqual({ Ref: expect.stringMatching(/^GateFunction/) });
  });

  test('waits for the metrics that the service emits with each request, all of fewer than five', () => {
    const metrics = ['LatencyEndToEndMs', 'BedrockInvocationCount', 'BedrockThrottlingCount', 'SessionCount'];
    expect(settingsIn(template)).toMatchObject({
      serviceName: 'chat',
      metrics,
      needed: 4,
      requests: { functionArn: 'REF', qualifier: 'live', payloads: [{ question: 'Is anybody there?' }] },
      timing: { withinSeconds: 300, pollSeconds: 15, periodSeconds: 60 },
    });
    expect(gate.metricIds).toEqual(metrics);
    expect(gate.metricsNeeded).toBe(4);
    Annotations.fromStack(stack).hasInfo('/Stack/Gate', Match.stringLikeRegexp('wants to see all 4 mandatory metrics'));
  });

  test('may be called as soon as it may do its work', () => {
    const named = { Properties: { FunctionName: 'MangaAssist-chat-PresenceGate' } };
    const [fn] = Object.values(template.findResources('AWS::Lambda::Function', named));
    expect(fn.DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^GateFunctionActions/)]));
  });

  test('may invoke the one alias, read metrics and answer for the one group, and nothing else', async () => {
    const policies = policiesOfRole(template, 'GateFunction');
    const statements = policies.flatMap(({ Statement }) => Statement);
    const ofActions = (action: string) => statements.filter(({ Action }) => [Action].flat().includes(action));
    const invoked = ofActions('lambda:InvokeFunction').map(({ Resource }) => Resource as string);
    expect(invoked).toEqual([expect.stringMatching(/^arn:aws:lambda:.*function:Chat\w+:live$/)]);
    const [answer] = ofActions('codedeploy:PutLifecycleEventHookExecutionStatus');
    expect(answer.Resource).toMatch(/^arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:GroupApplication\w+\/Group\w+$/);
    expect(statements.filter(({ Resource }) => [Resource].flat().some(resource => resource === '*'))).toEqual([
      expect.objectContaining({ Action: 'cloudwatch:GetMetricData' }),
    ]);
    expect(allows(policies, { action: 'lambda:InvokeFunction', resource: invoked[0] })).toBe(true);
    const services = ['lambda', 'codedeploy', 'cloudwatch', 'logs', 'iam', 'bedrock'];
    const everything = requestsOf(await actionsOf(services, 'aws', 'us-east-1'));
    const allowed = everything.filter(request => allows(policies, request)).map(({ action }) => action);
    // IAM's data has no resource for the answer: the simulator asks for "*", and lets a statement on the group stand for it.
    expect([...new Set(allowed)].sort()).toEqual(['cloudwatch:GetMetricData', 'codedeploy:PutLifecycleEventHookExecutionStatus']);
  }, 120_000);
});

test('without a deployment group nobody is told but who asks', () => {
  const { stack, requests } = chatStack();
  new PresenceGate(stack, 'Gate', { serviceName: 'chat', requests });
  const statements = policiesOfRole(Template.fromStack(stack), 'GateFunction').flatMap(({ Statement }) => Statement);
  expect(statements.flatMap(({ Action }) => Action).sort()).toEqual([
    'cloudwatch:GetMetricData', 'lambda:InvokeFunction', 'logs:CreateLogStream', 'logs:PutLogEvents',
  ]);
});

test('of more than five metrics five have to be seen', () => {
  const metrics = CatalogMetric.catalog().filter(({ id }) =>
    ['LatencyEndToEndMs', 'BedrockInvocationCount', 'BedrockThrottlingCount', 'SessionCount', 'RetrievalChunkCount'].includes(id));
  expect(gateOf({ metrics }).metricsNeeded).toBe(5);
  expect(gateOf({ metrics: metrics.slice(0, 1) }).metricsNeeded).toBe(1);
});

test('a service of another environment of the stage does not count', () => {
  const app = new App();
  const stage = new Stage(app, 'Stage');
  for (const environment of ['prod', 'staging']) {
    const stack = new Stack(stage, environment);
    Standards.apply(stack, { product: 'MangaAssist', environment, checks: false });
    standardLambda(stack, environment === 'prod' ? { role: new BedrockTaskRole(stack, 'Role', { allowedModels: [MODEL] }) } : {});
  }
  const requests = SyntheticRequests.http('https://staging.example.com/chat', { bodies: ['{}'] });
  const gate = new PresenceGate(stage.node.findChild('staging') as Stack, 'Gate', { serviceName: 'chat', requests });
  expect(gate.metricIds).toEqual(['LatencyEndToEndMs']);
});

describe('an exempt service', () => {
  const { stack, group } = chatStack();
  const exemption = { reason: 'A request moves money.', until: '2027-06-30' };
  const gate = new PresenceGate(stack, 'Gate', { serviceName: 'chat', exemption, deploymentGroup: group() });
  const template = Template.fromStack(stack);

  test('has no gate, and shows it at synth, in the template and on the deployment group', () => {
    expect(gate.function).toBeUndefined();
    expect(warningsOf(stack)).toContain('presenceGateExempt');
    const told = { state: 'exempt', serviceName: 'chat', ...exemption };
    expect(template.toJSON().Metadata).toMatchObject({ 'plumbline:presence-gate:Stack/Gate': told });
    const Tags = [{ Key: 'plumbline:presence-gate', Value: 'exempt' }];
    template.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', { Tags });
    const CodeDeployLambdaAliasUpdate = { AfterAllowTrafficHook: Match.absent() };
    template.hasResource('AWS::Lambda::Alias', { UpdatePolicy: { CodeDeployLambdaAliasUpdate } });
  });

  test('has no step of a pipeline, and nobody to invoke', () => {
    expect(() => new PresenceGateStep('Ask', { gate })).toThrow(/The step Ask has no gate to ask/);
    expect(gate.grantInvoke(stack.node.findChild('ChatRole') as BedrockTaskRole).success).toBe(false);
  });
});

test('an override lets a fix out past the gate and past alarms, and shows who wanted it and why', () => {
  const { stack, requests, group } = chatStack();
  const override = { reason: 'The alarm fires on the fault that this mends.', by: 'mori', until: '2026-12-01' };
  new PresenceGate(stack, 'Gate', { serviceName: 'chat', requests, override, deploymentGroup: group() });
  const template = Template.fromStack(stack);
  expect(warningsOf(stack)).toContain('presenceGateOverride');
  expect(settingsIn(template).override).toEqual(override);
  expect(template.toJSON().Metadata).toMatchObject({ 'plumbline:presence-gate:Stack/Gate': { state: 'overridden', ...override } });
  template.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', { AlarmConfiguration: { Enabled: false } });
});

test('a step of a pipeline may ask the gate, and nothing else', () => {
  const step = new PresenceGateStep('Ask', { gate: gateOf() });
  const { rolePolicyStatements: [statement], commands } = step as unknown as {
    rolePolicyStatements: { actions: string[]; resources: string[] }[]; commands: string[];
  };
  expect(statement.actions).toEqual(['lambda:InvokeFunction']);
  expect(statement.resources).toEqual([expect.stringMatching(/:lambda:us-east-1:123456789012:function:MangaAssist-chat-PresenceGate$/)]);
  expect(commands[0]).toContain('--cli-read-timeout 0');
  expect(commands.at(-1)).toBe('grep -qx None problem.txt');
});

describe('is refused', () => {
  const override = { reason: 'r', by: 'b', until: '2026-12-01' };
  test.each<[string, Partial<PresenceGateProps>, RegExp]>([
    ['without anything to send', { requests: undefined }, /has nothing to send.*\n.*neither/],
    ['with requests and an exemption', { exemption: { reason: 'r' } }, /is sent no requests/],
    ['with an exemption without a reason', { requests: undefined, exemption: { reason: ' ' } }, /says nothing as its reason/],
    ['with an exemption that has ended', { requests: undefined, exemption: { reason: 'r', until: '2026-11-27' } }, /has ended/],
    ['with an override of nobody', { override: { ...override, by: '' } }, /says nothing as its by/],
    ['with an override without a day', { override: { ...override, until: 'soon' } }, /has no last day/],
    ['with an override that has ended', { override: { ...override, until: '2026-11-27' } }, /has ended/],
    ['with an override of more than a week', { override: { ...override, until: '2026-12-06' } }, /too long[^]*2026-11-28 to 2026-12-05/],
    ['with metrics of a team', { metrics: [CatalogMetric.team('Orders')] }, /Team\.Orders/],
    ['with metrics that only failures emit', { metrics: [CatalogMetric.ERROR_COUNT] }, /ErrorCount/],
    ['with optional metrics', { metrics: [CatalogMetric.BEDROCK_INPUT_TOKEN_COUNT] }, /BedrockInputTokenCount/],
    ['with no metrics', { metrics: [] }, /knows no metric of the service chat/],
    ['for a service that has no function', { serviceName: 'search' }, /knows no metric of the service search/],
    ['with a name that is too long', { serviceName: 's'.repeat(60) }, /knows no metric/],
    ['without a payload', { requests: SyntheticRequests.invoke(standardLambda(newStack()), []) }, /has no payload/],
    ['over plain HTTP', { requests: SyntheticRequests.http('http://example.com') }, /HTTPS only/],
    ['with requests that are too large', { requests: SyntheticRequests.http('https://e.com', { bodies: ['x'.repeat(3_000)] }) }, /4 KB/],
  ])('%s', (_what, props, problem) => {
    expect(() => gateOf(props)).toThrow(problem);
  });

  test('as a hook that would have to know the address of an API that waits for it', () => {
    const { stack, group } = chatStack();
    const requests = SyntheticRequests.http(`https://${stack.node.addr}.${stack.urlSuffix}/`);
    const props = { serviceName: 'chat', requests, deploymentGroup: group() };
    expect(() => new PresenceGate(stack, 'Gate', props)).toThrow(/the API waits for the alias/);
  });
});

test.each([
  ['presence-gate', { 'AWS::CodeDeploy::DeploymentGroup': 1, 'AWS::Lambda::Function': 2 }],
  ['bypass-detector', { 'AWS::Events::Rule': 1, 'AWS::Lambda::Function': 2 }],
])('the page about operations: its stack with a %s synthesises with the checks on', (block, expected) => {
  const page = readFileSync(join(__dirname, '..', '..', 'docs', 'operations.md'), 'utf8');
  const [, code] = new RegExp(`<!-- operations:${block} -->\\n\`\`\`ts\\n([^]*?)\`\`\``).exec(page)!;
  const { outputText } = transpileModule(`${code}\nmodule.exports = stack;`, {
    compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 },
  });
  const load = (name: string): unknown => jest.requireActual(name === 'cdk-plumbline' ? '../../src' : name);
  const module = { exports: {} as Stack };
  jest.spyOn(console, 'error').mockReturnValue(undefined);
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- it is the page's own code
  Function('require', 'module', 'exports', outputText)(load, module, module.exports);
  const template = Template.fromStack(module.exports);
  for (const [type, count] of Object.entries(expected)) template.resourceCountIs(type, count);
});
