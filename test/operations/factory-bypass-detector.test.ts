import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { policiesOfRole } from './support/role-policies';
import {
  BedrockInvocationLogging, BypassException, CatalogMetric, FactoryBypassDetector, FactoryBypassDetectorProps, PlumblineChecks,
  PresenceGate, Standards, SyntheticRequests,
} from '../../src';
import { actionsOf, requestsOf } from '../bedrock/support/action-data';
import { allows } from '../bedrock/support/simulation';
import { existingFunction, newStack, standardLambda, warningsOf } from '../function/support';

const ENV = { account: '123456789012', region: 'us-east-1' };

function stackOf(props: (stack: ReturnType<typeof newStack>) => FactoryBypassDetectorProps = () => ({})) {
  const stack = newStack(ENV);
  stack.node.setContext('cdk-plumbline:today', '2026-11-28');
  standardLambda(stack);
  const detector = new FactoryBypassDetector(stack, 'Bypass', props(stack));
  return { stack, detector };
}

/** What the rule hands to the function, with references by their logical ids. */
function inputIn(template: Template): Record<string, any> {
  const [{ Properties }] = Object.values(template.findResources('AWS::Events::Rule'));
  const { Input } = Properties.Targets[0];
  const shown = (part: any): string => (typeof part === 'string' ? part : part.Ref ?? part['Fn::GetAtt'][0]);
  const text = typeof Input === 'string' ? Input : Input['Fn::Join'][1].map(shown).join('');
  return JSON.parse(text);
}

describe('a detector', () => {
  const { stack, detector } = stackOf(scope => ({
    topic: new Topic(scope, 'Topic', { masterKey: new Key(scope, 'Key') }),
    invocationLog: LogGroup.fromLogGroupName(scope, 'Invocations', 'bedrock-invocations'),
    exceptions: [{ serviceName: 'cart', reason: 'moves in March', until: '2027-03-31' }],
  }));
  standardLambda(stack, { serviceName: 'cart' }, 'Cart');
  const template = Template.fromStack(stack);

  test('knows all functions under the standard of its stack, those made after it too, and none of the library', () => {
    expect(inputIn(template)).toMatchObject({
      detector: 'bypass-detector',
      services: [
        {
          service: 'chat',
          logGroup: expect.stringMatching(/^ChatLogGroup/),
          role: expect.stringMatching(/^Chat.*Role/),
          fn: expect.stringMatching(/^Chat/),
        },
        { service: 'cart' },
      ],
      invocationLog: 'bedrock-invocations',
      exceptions: [{ service: 'cart', until: '2027-03-31' }],
      topicArn: expect.stringMatching(/^Topic/),
    });
  });

  test('runs once a day, and its silence sets off an alarm', () => {
    template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'cron(30 3 * * ? *)', State: 'ENABLED' });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'MangaAssist-bypass-detector-BedrockBypassScanCount-Missing',
      Period: 86_400,
      EvaluationPeriods: 2,
      TreatMissingData: 'breaching',
      Dimensions: [{ Name: 'environment', Value: 'prod' }, { Name: 'service_name', Value: 'bypass-detector' }],
    });
    expect(detector.silenceAlarm.alarmName).toBeDefined();
  });

  test('may search these log groups and tell this topic, and nothing else', async () => {
    const policies = policiesOfRole(template, 'BypassFunction');
    const statements = policies.flatMap(({ Statement }) => Statement);
    const search = statements.find(({ Sid }) => Sid === 'SearchLogs')!;
    expect(search.Action).toEqual(['logs:GetQueryResults', 'logs:StartQuery']);
    expect(search.Resource).toEqual([
      expect.stringMatching(/log-group:ChatLogGroup\w+:\*$/), expect.stringMatching(/log-group:CartLogGroup\w+:\*$/),
      'arn:aws:logs:us-east-1:123456789012:log-group:bedrock-invocations:*',
    ]);
    expect(statements.filter(({ Resource }) => Resource === '*')).toEqual([expect.objectContaining({ Action: 'logs:StopQuery' })]);
    const own = (search.Resource as string[])[0].replace(/\*$/, 'log-stream:');
    for (const action of ['logs:StartQuery', 'logs:GetQueryResults']) expect(allows(policies, { action, resource: own })).toBe(true);
    const everything = requestsOf(await actionsOf(['logs', 'sns', 'kms', 'events', 'iam', 'bedrock', 'lambda'], 'aws', 'us-east-1'));
    const allowed = everything.filter(request => allows(policies, request)).map(({ action }) => action);
    expect([...new Set(allowed)]).toEqual(['logs:StopQuery']);
    expect(statements.flatMap(({ Action }) => Action).sort()).toEqual([
      'kms:Decrypt', 'kms:GenerateDataKey', 'logs:CreateLogStream', 'logs:GetQueryResults', 'logs:PutLogEvents', 'logs:StartQuery',
      'logs:StopQuery', 'sns:Publish',
    ]);
  });

  test('its wildcards are acknowledged', () => {
    expect(JSON.stringify(template.toJSON())).toContain('log-group:bedrock-invocations:*');
    expect(warningsOf(stack)).not.toContain('bypassDetectorTellsNobody');
  });
});

test('searches the invocation log of its stage without being told of it', () => {
  const stack = newStack(ENV);
  new BedrockInvocationLogging(stack, 'Invocations');
  new FactoryBypassDetector(stack, 'Bypass');
  expect(inputIn(Template.fromStack(stack)).invocationLog).toMatch(/^Invocations/);
});

test('neither AwsSolutions nor PlumblineChecks find anything in a detector and a gate', () => {
  const app = new App();
  Standards.apply(app, { product: 'MangaAssist', environment: 'prod', checks: false });
  const stack = new Stack(app, 'Stack', { env: ENV });
  const invocationLog = LogGroup.fromLogGroupName(stack, 'Invocations', 'bedrock-invocations');
  new FactoryBypassDetector(stack, 'Bypass', { invocationLog });
  new PresenceGate(stack, 'Gate', {
    serviceName: 'chat', metrics: [CatalogMetric.LATENCY_END_TO_END_MS], requests: SyntheticRequests.http('https://shop.example/'),
  });
  for (const pack of [new AwsSolutionsChecks(), new PlumblineChecks()]) expect(pack.validateScope(app).violations).toEqual([]);
});

test('without a topic it warns that nobody is told', () => {
  const { stack } = stackOf();
  Template.fromStack(stack);
  expect(warningsOf(stack)).toContain('bypassDetectorTellsNobody');
  expect(inputIn(Template.fromStack(stack)).topicArn).toBeUndefined();
});

test('an exception in its last 30 days warns', () => {
  const { stack } = stackOf(() => ({ exceptions: [{ roleName: 'batch', reason: 'a vendor', until: '2026-12-05' }] }));
  Annotations.fromStack(stack).hasWarning('/Stack/Bypass', Match.stringLikeRegexp('The exception of batch ends after 2026-12-05'));
});

describe('is refused', () => {
  const exception = (given: Partial<BypassException>): FactoryBypassDetectorProps =>
    ({ exceptions: [{ serviceName: 'chat', reason: 'r', until: '2027-03-31', ...given }] });

  test.each<[string, FactoryBypassDetectorProps, RegExp]>([
    ['an exception that has ended', exception({ until: '2026-11-27' }), /The exception of chat has ended/],
    ['an exception without a day', exception({ until: '2027-02-30' }), /has no last day/],
    ['an exception without a reason', exception({ reason: '' }), /has a reason/],
    ['an exception of nobody', exception({ serviceName: undefined }), /one of a service or of a role/],
    ['an exception of both', exception({ roleName: 'chat' }), /one of a service or of a role/],
    ['an exception of every role', exception({ serviceName: undefined, roleName: '*' }), /no wildcard/],
    ['a name that no metric takes', { detectorName: 'a b' }, /The detectorName cannot be part of a metric name/],
  ])('%s', (_what, props, problem) => {
    expect(() => stackOf(() => props)).toThrow(problem);
  });

  test('a function without the standard', () => {
    expect(() => stackOf(stack => ({ services: [existingFunction(stack)] }))).toThrow(/functions under the standard[^]*Stack\/Existing/);
  });

  test('more functions than EventBridge can hand over', () => {
    const { stack, detector } = stackOf();
    for (let index = 0; index < 40; index += 1) standardLambda(stack, {}, `Chat${index}`);
    expect(detector.node.validate()).toEqual([expect.stringContaining('41 functions')]);
  });

  test('nothing to search', () => {
    const stack = newStack(ENV);
    const detector = new FactoryBypassDetector(stack, 'Bypass');
    expect(detector.node.validate()).toEqual([expect.stringContaining('nothing to search')]);
  });
});
