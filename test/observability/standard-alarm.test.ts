import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { App, CfnParameter, Duration, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import * as fc from 'fast-check';
import {
  BedrockCallAlarms, CatalogMetric, ErrorCodeAlarms, GenAiEndpoint, GenAiModel, MissingMetricAlarm, MissingMetricAlarmProps, ServiceTraffic,
  StandardLambda, Standards,
} from '../../src';
import { ALARM_KINDS, AlarmKind, incidentOf, runbookLink } from '../../src/contract/alarm-kind';
import { ALARMS } from '../../src/contract/data';

const SRC = join(__dirname, '../../src');

const HERE = { account: '111122223333', region: 'us-east-1' };
const HOUR = 3600;
const DAY = 24 * HOUR;

function stackWith(standards: { readonly alarmTopic?: ITopic } = {}, env: { account: string; region: string } | undefined = HERE): Stack {
  const app = new App();
  Standards.apply(app, { product: 'Shop', environment: 'dev', checks: false, ...standards });
  return new Stack(app, 'Stack', { env });
}

function alarm(stack: Stack, props: Partial<MissingMetricAlarmProps> = {}): MissingMetricAlarm {
  return new MissingMetricAlarm(stack, 'Silent', { metric: CatalogMetric.SESSION_COUNT, ...props });
}

/** Alarms of all kinds. */
function everyAlarm(stack: Stack): void {
  alarm(stack);
  const code = Code.fromInline('//');
  new StandardLambda(stack, 'Fn', { serviceName: 'chat', code, handler: 'index.handler', traffic: ServiceTraffic.SPORADIC });
  new ErrorCodeAlarms(stack, 'Errors');
  new BedrockCallAlarms(stack, 'Calls');
  new GenAiEndpoint(stack, 'Falcon', { model: GenAiModel.jumpStart('huggingface-llm-falcon-7b-instruct-bf16', '4.6.16') });
}

describe('the window', () => {
  test.each([
    ['5 minutes × 288', Duration.minutes(5), 288],
    ['1 minute × 1440', Duration.minutes(1), 1440],
    ['59 minutes × 24', Duration.minutes(59), 24],
    ['1 hour × 168', Duration.hours(1), 168],
    ['1 day × 7', Duration.days(1), 7],
    ['7 days × 1', Duration.days(7), 1],
  ])('%s is taken', (_what, period, evaluationPeriods) => {
    expect(() => alarm(stackWith(), { period, evaluationPeriods })).not.toThrow();
  });

  test.each([
    ['5 minutes × 300', Duration.minutes(5), 300, '1 to 288 evaluationPeriods of 300 s'],
    ['1 minute × 1441', Duration.minutes(1), 1441, '1 to 1440 evaluationPeriods of 60 s'],
    ['59 minutes × 25', Duration.minutes(59), 25, '1 to 24 evaluationPeriods of 3540 s'],
    ['1 hour × 169', Duration.hours(1), 169, '1 to 168 evaluationPeriods of 3600 s'],
    ['1 day × 8', Duration.days(1), 8, '1 to 7 evaluationPeriods of 86400 s'],
    ['8 days × 1', Duration.days(8), 1, 'a period of 604800 s at most'],
    ['5 minutes × 0', Duration.minutes(5), 0, '1 to 288'],
    ['5 minutes × 1.5', Duration.minutes(5), 1.5, '1 to 288'],
    ['5 minutes × NaN', Duration.minutes(5), NaN, '1 to 288'],
  ])('%s is refused', (_what, period, evaluationPeriods, allowed) => {
    expect(() => alarm(stackWith(), { period, evaluationPeriods })).toThrow(new RegExp(`\\[Stack\\] The alarm "Silent"[^]*${allowed}`));
  });

  test('is never longer than a day, or than seven days with periods of an hour or more', () => {
    const stack = stackWith();
    let count = 0;
    fc.assert(fc.property(fc.integer({ min: 1, max: 10_080 }), fc.integer({ min: 1, max: 12_000 }), (minutes, evaluationPeriods) => {
      const fits = minutes * 60 * evaluationPeriods <= (minutes * 60 < HOUR ? DAY : 7 * DAY);
      const create = () => new MissingMetricAlarm(stack, `Alarm${count++}`, {
        metric: CatalogMetric.SESSION_COUNT, period: Duration.minutes(minutes), evaluationPeriods,
      });
      if (fits) create();
      else expect(create).toThrow(/looks back one day at most/);
    }));
  });

  test('may be known only at deployment', () => {
    const stack = stackWith();
    const periods = new CfnParameter(stack, 'Periods', { type: 'Number' }).valueAsNumber;
    expect(() => alarm(stack, { evaluationPeriods: periods })).not.toThrow();
  });
});

describe('the topic', () => {
  const topicIn = (region: string): string => `arn:aws:sns:${region}:111122223333:alarms`;
  const imported = (app: App, region: string): ITopic => Topic.fromTopicArn(new Stack(app, 'Topics'), 'Topic', topicIn(region));

  test('of another Region is refused, for every alarm of the library', () => {
    const app = new App();
    Standards.apply(app, { product: 'Shop', environment: 'dev', checks: false, alarmTopic: imported(app, 'eu-west-1') });
    const stack = new Stack(app, 'Stack', { env: HERE });
    const refused = /\[Stack\/[^\]]*\] CloudWatch sends an alarm to a topic of the alarm's own Region only[^]*in eu-west-1[^]*in us-east-1/;
    expect(() => alarm(stack)).toThrow(refused);
    const code = Code.fromInline('//');
    expect(() => new StandardLambda(stack, 'Fn', { serviceName: 'chat', code, handler: 'index.handler' })).toThrow(refused);
  });

  test('of a stack in another Region is refused', () => {
    const app = new App();
    const elsewhere = new Stack(app, 'Elsewhere', { env: { ...HERE, region: 'eu-west-1' } });
    Standards.apply(app, { product: 'Shop', environment: 'dev', checks: false, alarmTopic: new Topic(elsewhere, 'Topic') });
    expect(() => alarm(new Stack(app, 'Stack', { env: HERE }))).toThrow(/alarmTopic in eu-west-1/);
  });

  test('of the same Region, or of one that is known only at deployment, is told', () => {
    for (const env of [HERE, undefined]) {
      const app = new App();
      Standards.apply(app, { product: 'Shop', environment: 'dev', checks: false, alarmTopic: imported(app, 'us-east-1') });
      const stack = new Stack(app, 'Stack', { env });
      alarm(stack);
      Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: [topicIn('us-east-1')] });
    }
  });

  test.each(['addAlarmAction', 'addOkAction', 'addInsufficientDataAction'] as const)('given by %s is held to the same', add => {
    const stack = stackWith();
    alarm(stack)[add](new SnsAction(Topic.fromTopicArn(stack, 'Topic', topicIn('ap-northeast-1'))));
    expect(() => Template.fromStack(stack)).toThrow(/\[Stack\/Silent\] CloudWatch runs the actions of an alarm in the alarm's own Region/);
  });

  test('of a stack that is known only at deployment is told', () => {
    const stack = stackWith();
    alarm(stack).addAlarmAction(new SnsAction(new Topic(stack, 'Topic')));
    alarm(stackWith({}, undefined)).addAlarmAction({ bind: () => ({ alarmActionArn: topicIn('eu-west-1') }) });
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('an action without a Region, such as a response plan, is taken', () => {
    const stack = stackWith();
    alarm(stack).addAlarmAction({ bind: () => ({ alarmActionArn: 'arn:aws:ssm-incidents::111122223333:response-plan/plan' }) });
    expect(() => Template.fromStack(stack)).not.toThrow();
  });
});

describe('the description', () => {
  const descriptionsWith = (runbookUrl?: string): Record<string, string> => {
    const app = new App();
    Standards.apply(app, { product: 'Shop', environment: 'prod', checks: false, ...(runbookUrl !== undefined && { runbookUrl }) });
    const stack = new Stack(app, 'Stack', { env: HERE });
    everyAlarm(stack);
    const alarms = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
    return Object.fromEntries(alarms.map(({ Properties }) => [Properties.AlarmName, Properties.AlarmDescription]));
  };
  /** The longest that fits: Endpoint-Slow ends as Slow does. */
  const kindOf = (alarmName: string): AlarmKind =>
    ALARM_KINDS.filter(kind => alarmName.endsWith(kind)).sort((one, other) => other.length - one.length)[0];

  test.each([undefined, 'https://wiki.example.com/{kind}', 'http://10.0.0.1:8080/runbooks'])(
    'of every alarm names the incident that it stands for and links to its runbook in %p', url => {
      for (const [name, text] of Object.entries(descriptionsWith(url))) {
        const kind = kindOf(name);
        expect(text).toMatch(/^\S.*\. Incident: /);
        expect(text.endsWith(` Incident: ${incidentOf(kind)} Runbook: ${runbookLink(url ?? ALARMS.runbook, kind)}`)).toBe(true);
      }
    });

  test('links to a runbook that is known only at deployment', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    const runbookUrl = new CfnParameter(stack, 'Runbook').valueAsString;
    Standards.apply(stack, { product: 'Shop', environment: 'dev', checks: false, runbookUrl });
    alarm(stack);
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmDescription: { 'Fn::Join': ['', [Match.stringLikeRegexp('Runbook: $'), { Ref: 'Runbook' }, '#missing']] },
    });
  });

  test('links to the runbook of the nearest standards, or of those above', () => {
    const app = new App();
    Standards.apply(app, { product: 'Shop', environment: 'dev', checks: false, runbookUrl: 'https://wiki/all#' });
    const urls = [undefined, 'https://wiki/own#'].map((runbookUrl, index) => {
      const stack = new Stack(app, `Stack${index}`);
      return Standards.apply(stack, { product: 'Shop', environment: `dev${index}`, ...(runbookUrl && { runbookUrl }) }).runbookUrl;
    });
    expect(urls).toEqual(['https://wiki/all#', 'https://wiki/own#']);
  });

  test('longer than CloudWatch takes is an error at synth', () => {
    const synthWith = (length: number): void => {
      const stack = stackWith();
      (alarm(stack).node.defaultChild as CfnAlarm).alarmDescription = 'x'.repeat(length);
      Template.fromStack(stack);
    };
    expect(() => synthWith(ALARMS.descriptionMaxLength)).not.toThrow();
    expect(() => synthWith(ALARMS.descriptionMaxLength + 1)).toThrow(
      /\[Stack\/Silent\] CloudWatch takes no description of 1025 characters/,
    );
  });

  test.each([
    '', 'wiki', 'ftp://wiki/', 'https://me:hunter2@wiki/', 'https://wiki/a b', `https://wiki/${'x'.repeat(500)}`, 'javascript:alert(1)',
  ])('cannot link to %p', runbookUrl => {
    const apply = () => Standards.apply(new App(), { product: 'Shop', environment: 'dev', runbookUrl });
    expect(apply).toThrow(/\[App\] runbookUrl is no link/);
    expect(apply).not.toThrow(/hunter2/);
  });
});

test('one factory makes every alarm of the library', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(file =>
    file.endsWith('.ts')
    && /new (Cfn)?(Composite)?Alarm\(|createAlarm\(|extends (Cfn)?Alarm\b/.test(readFileSync(join(SRC, file), 'utf8')));
  // What scales an endpoint tells nobody.
  expect(files.sort()).toEqual(['observability/missing-metric-alarm.ts', 'observability/standard-alarm.ts', 'sagemaker/scale-endpoint.ts']);
});

describe('the name', () => {
  const nameOf = (environment: string, props: { production?: boolean } = {}): string => {
    const app = new App();
    Standards.apply(app, { product: 'Shop', environment, checks: false, ...props });
    const stack = new Stack(app, 'Stack');
    alarm(stack, { serviceName: 'chat' });
    return Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'))[0].Properties.AlarmName;
  };

  test.each(['prod', 'Production'])('leaves out the environment %s', environment => {
    expect(nameOf(environment)).toBe('Shop-chat-SessionCount-Missing');
  });

  test('holds any other environment', () => {
    expect(nameOf('staging')).toBe('Shop-staging-chat-SessionCount-Missing');
  });

  test('leaves out the environment that the standards call production, and holds the one that they do not', () => {
    expect(nameOf('live', { production: true })).toBe('Shop-chat-SessionCount-Missing');
    expect(nameOf('prod', { production: false })).toBe('Shop-prod-chat-SessionCount-Missing');
  });

  test('holds an environment that is known only at deployment, unless it is called production', () => {
    const environment = Token.asString({ Ref: 'Environment' });
    expect(nameOf(environment)).toEqual({ 'Fn::Join': ['', ['Shop-', { Ref: 'Environment' }, '-chat-SessionCount-Missing']] });
    expect(nameOf(environment, { production: true })).toBe('Shop-chat-SessionCount-Missing');
  });

  test.each([['x'.repeat(256)], ['']])('of a length that CloudWatch does not take is refused', alarmName => {
    expect(() => alarm(stackWith(), { alarmName })).toThrow(/CloudWatch takes no name of \d+ characters/);
  });

  test('that is made too long by a metric is refused', () => {
    expect(() => alarm(stackWith(), { metric: CatalogMetric.team('M'.repeat(250)) })).toThrow(/CloudWatch takes no name of/);
  });
});
