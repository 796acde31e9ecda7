import { App, CfnParameter, CfnResource, Duration, Stack, Stage } from 'aws-cdk-lib';
import {
  Alarm, AlarmMuteRule, AlarmProps, CfnAlarm, CfnAlarmMuteRule, ComparisonOperator, CronOptions, MathExpression, Metric, ScheduleExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { BedrockTaskRole } from '../../../../src/bedrock';
import { StandardLambda } from '../../../../src/function';
import { FunctionHasMandatoryAlarms } from '../../../../src/governance/pack/rules';
import { CatalogMetric, MissingMetricAlarm } from '../../../../src/observability';
import { Standards } from '../../../../src/standards/standards';
import { RuleCase, testRule, Verdict } from '../support/rule-cases';
import {
  alarmOn, catalogMetric, genAiFunction, ofService, otherStack, plainFunction, roleThatInvokes, serviceVariables,
} from '../support/workloads';

const FOUND = ['Function/Resource'];
const INVOCATIONS = 'BedrockInvocationCount';
const LATENCY = 'LatencyEndToEndMs';

const applyStandards = (stack: Stack) => Standards.apply(stack, { product: 'Manga', environment: 'prod', checks: false });

/** A function of the service `chat` with alarms on these metrics. */
function watching(name: string, metrics: Metric[], verdict: Verdict): RuleCase {
  return {
    name,
    verdict,
    build: stack => {
      genAiFunction(stack);
      metrics.forEach((metric, index) => alarmOn(stack, metric, `Alarm${index}`));
    },
  };
}

describe('alarms that count', () => {
  testRule(FunctionHasMandatoryAlarms, [
    watching('none', [], FOUND),
    watching('one', [catalogMetric(INVOCATIONS, ofService('chat'))], FOUND),
    watching('two on the same metric', [
      catalogMetric(INVOCATIONS, ofService('chat')), catalogMetric(INVOCATIONS, ofService('chat')),
    ], FOUND),
    watching('two on two metrics are compliant', [
      catalogMetric(INVOCATIONS, ofService('chat')), catalogMetric(LATENCY, ofService('chat')),
    ], 'compliant'),
    watching('on the full dimension set they are compliant', [
      catalogMetric(INVOCATIONS, { ...ofService('chat'), model_id: 'm', task_type: 'synthesis' }),
      catalogMetric('ErrorCount', { ...ofService('chat'), error_code: 'THROTTLE' }),
    ], 'compliant'),
    watching('on the whole product they do not', [
      catalogMetric(INVOCATIONS, { environment: 'prod' }), catalogMetric(LATENCY, { environment: 'prod' }),
    ], FOUND),
    watching('on another service they do not', [
      catalogMetric(INVOCATIONS, ofService('cart')), catalogMetric(LATENCY, ofService('cart')),
    ], FOUND),
    watching('in another environment they do not', [
      catalogMetric(INVOCATIONS, ofService('chat', 'dev')), catalogMetric(LATENCY, ofService('chat', 'dev')),
    ], FOUND),
    watching('of another product they do not', [
      catalogMetric(INVOCATIONS, ofService('chat'), 'Other'), catalogMetric(LATENCY, ofService('chat'), 'Other'),
    ], FOUND),
    watching('on a dimension set that nobody emits they do not', [
      catalogMetric(INVOCATIONS, { ...ofService('chat'), model_id: 'm' }), catalogMetric(LATENCY, { ...ofService('chat'), model_id: 'm' }),
    ], FOUND),
    watching('on metrics outside the catalogue they do not', [
      new Metric({ namespace: 'Manga/Bedrock', metricName: 'Invocations', dimensionsMap: ofService('chat') }),
      new Metric({ namespace: 'AWS/Lambda', metricName: 'Errors', dimensionsMap: ofService('chat') }),
    ], FOUND),
  ]);
});

/** A function of the service `chat` with the two alarms it needs, with the props of each. */
function genAiFunctionWithAlarms(stack: Stack, propsOf: (id: string) => Partial<AlarmProps> = () => ({})): Alarm[] {
  genAiFunction(stack);
  return ([['One', INVOCATIONS], ['Two', LATENCY]] as const)
    .map(([id, metric]) => alarmOn(stack, catalogMetric(metric, ofService('chat')), id, propsOf(id)));
}

/** Such a function, its alarms as they are given or changed here. */
function watchingWith(
  name: string, props: Partial<AlarmProps>, verdict: Verdict, change: (alarm: CfnAlarm) => void = () => undefined,
): RuleCase {
  return {
    name,
    verdict,
    build: stack => {
      for (const alarm of genAiFunctionWithAlarms(stack, () => props)) change(alarm.node.defaultChild as CfnAlarm);
    },
  };
}

/** The same, with a mute rule over both alarms. */
function muted(name: string, options: CronOptions, duration: Duration, verdict: Verdict): RuleCase {
  return {
    name,
    verdict,
    build: stack => {
      const alarms = genAiFunctionWithAlarms(stack);
      new AlarmMuteRule(stack, 'Mute', { alarms, duration, schedule: ScheduleExpression.cron(options) });
    },
  };
}

/** The same, with a mute rule for ever that names alarms as the template of another app would. */
function mutedByName(name: string, alarmNames: string[], verdict: Verdict, expireDate?: string): RuleCase {
  return {
    name,
    verdict,
    build: stack => {
      genAiFunctionWithAlarms(stack, id => ({ alarmName: `Alarm${id}` }));
      const rule = { schedule: { expression: 'cron(0 0 * * *)', duration: 'P1D' } };
      new CfnAlarmMuteRule(stack, 'Mute', { muteTargets: { alarmNames }, rule, expireDate });
    },
  };
}

describe('alarms that cannot fire', () => {
  const { LESS_THAN_THRESHOLD, LESS_THAN_OR_EQUAL_TO_THRESHOLD, GREATER_THAN_THRESHOLD } = ComparisonOperator;
  testRule(FunctionHasMandatoryAlarms, [
    watchingWith('with their actions off they do not count', { actionsEnabled: false }, FOUND),
    watchingWith('with their actions off by an override they do not count', {}, FOUND,
      alarm => alarm.addPropertyOverride('ActionsEnabled', false)),
    watchingWith('with their actions on they are compliant', { actionsEnabled: true }, 'compliant'),
    watchingWith('below zero they do not count', { comparisonOperator: LESS_THAN_THRESHOLD, threshold: 0 }, FOUND),
    watchingWith('at zero they are compliant', { comparisonOperator: LESS_THAN_OR_EQUAL_TO_THRESHOLD, threshold: 0 }, 'compliant'),
    watchingWith('at less than zero they do not count', { comparisonOperator: LESS_THAN_OR_EQUAL_TO_THRESHOLD, threshold: -1 }, FOUND),
    watchingWith('that fire on silence are compliant whatever their threshold', {
      comparisonOperator: LESS_THAN_THRESHOLD, threshold: 0, treatMissingData: TreatMissingData.BREACHING,
    }, 'compliant'),
    watchingWith('above what anything reaches they do not count', { comparisonOperator: GREATER_THAN_THRESHOLD, threshold: 1e12 }, FOUND),
    watchingWith('above the longest run of a function, latency does not count',
      { comparisonOperator: GREATER_THAN_THRESHOLD, threshold: 900_000 }, FOUND),
    watchingWith('outside of a band of expected values they are compliant', {}, 'compliant',
      alarm => alarm.addPropertyOverride('ComparisonOperator', 'LessThanLowerOrGreaterThanUpperThreshold')),
    watchingWith('above what may happen they are compliant',
      { comparisonOperator: GREATER_THAN_THRESHOLD, threshold: 60_000 }, 'compliant'),
    muted('muted all day, every day they do not count', { hour: '0', minute: '0' }, Duration.days(1), FOUND),
    muted('muted again each minute they do not count', { minute: '*' }, Duration.minutes(1), FOUND),
    muted('muted again each minute, as a step, they do not count', { minute: '*/1' }, Duration.minutes(1), FOUND),
    muted('muted again each hour they do not count', { minute: '0' }, Duration.hours(1), FOUND),
    muted('muted from week to week they do not count', { weekDay: 'MON', hour: '0', minute: '0' }, Duration.days(7), FOUND),
    muted('muted on every day of the week they do not count', { weekDay: 'MON-SUN', hour: '0', minute: '0' }, Duration.days(1), FOUND),
    muted('muted on one day a month they are compliant', { day: '1', hour: '0', minute: '0' }, Duration.days(2), 'compliant'),
    muted('muted in one month a year they are compliant', { month: '1', hour: '0', minute: '0' }, Duration.days(1), 'compliant'),
    mutedByName('muted by their names they do not count', ['AlarmOne', 'AlarmTwo'], FOUND),
    mutedByName('where one of two is muted by its name it does not count', ['AlarmTwo', 'Other'], FOUND),
    mutedByName('beside others that are muted they are compliant', ['Other'], 'compliant'),
    mutedByName('muted until a day they are compliant', ['AlarmOne', 'AlarmTwo'], 'compliant', '2026-01-01T00:00'),
    muted('muted at night they are compliant', { hour: '2', minute: '0' }, Duration.hours(6), 'compliant'),
    muted('muted at weekends they are compliant', { weekDay: 'SAT', hour: '0', minute: '0' }, Duration.days(2), 'compliant'),
  ]);
});

describe('where and how', () => {
  testRule(FunctionHasMandatoryAlarms, [
    {
      name: 'metric math counts by the metrics in it',
      build: stack => {
        genAiFunction(stack);
        const usingMetrics = { a: catalogMetric('ErrorCount', ofService('chat')), b: catalogMetric(INVOCATIONS, ofService('chat')) };
        alarmOn(stack, new MathExpression({ expression: 'a / b', usingMetrics, period: Duration.minutes(5) }), 'Rate');
      },
      verdict: 'compliant',
    },
    {
      name: 'alarms in another stack of the stage count',
      build: stack => {
        genAiFunction(stack);
        const other = otherStack(stack);
        alarmOn(other, catalogMetric(INVOCATIONS, ofService('chat')), 'One');
        alarmOn(other, catalogMetric(LATENCY, ofService('chat')), 'Two');
      },
      verdict: 'compliant',
    },
    {
      name: 'alarms in another stage do not',
      build: stack => {
        genAiFunction(stack);
        const other = new Stack(new Stage(App.of(stack)!, 'Dev'), 'Alarms');
        alarmOn(other, catalogMetric(INVOCATIONS, ofService('chat')), 'One');
        alarmOn(other, catalogMetric(LATENCY, ofService('chat')), 'Two');
      },
      verdict: FOUND,
    },
    {
      name: 'a service known only at deployment is compared as it stands in the template',
      build: stack => {
        const service = new CfnParameter(stack, 'Service').valueAsString;
        genAiFunction(stack, service);
        alarmOn(stack, catalogMetric(INVOCATIONS, ofService(service)), 'One');
        alarmOn(stack, catalogMetric(LATENCY, ofService(service)), 'Two');
      },
      verdict: 'compliant',
    },
    {
      name: 'another service known only at deployment is another',
      build: stack => {
        const [service, other] = ['Service', 'Else'].map(id => new CfnParameter(stack, id).valueAsString);
        genAiFunction(stack, service);
        alarmOn(stack, catalogMetric(INVOCATIONS, ofService(other)), 'One');
        alarmOn(stack, catalogMetric(LATENCY, ofService(other)), 'Two');
      },
      verdict: FOUND,
    },
    {
      name: 'a product known only at deployment is taken by its area',
      build: stack => {
        const product = new CfnParameter(stack, 'Product').valueAsString;
        plainFunction(stack, { role: roleThatInvokes(stack), environment: serviceVariables('chat', 'prod', product) });
        alarmOn(stack, catalogMetric(INVOCATIONS, ofService('chat'), product), 'One');
        alarmOn(stack, catalogMetric(LATENCY, ofService('chat'), product), 'Two');
      },
      verdict: 'compliant',
    },
    {
      name: 'a function that names no service cannot be watched',
      build: stack => {
        plainFunction(stack, { role: roleThatInvokes(stack) });
        alarmOn(stack, catalogMetric(INVOCATIONS, ofService('chat')), 'One');
        alarmOn(stack, catalogMetric(LATENCY, ofService('chat')), 'Two');
      },
      verdict: FOUND,
    },
    {
      name: 'L1 and resources without a class count',
      build: stack => {
        genAiFunction(stack);
        const [Dimensions] = [[{ Name: 'service_name', Value: 'chat' }, { Name: 'environment', Value: 'prod' }]];
        for (const [id, MetricName, Namespace] of [['One', 'InvocationCount', 'Manga/Bedrock'], ['Two', 'EndToEndMs', 'Manga/Latency']]) {
          new CfnResource(stack, id, { type: 'AWS::CloudWatch::Alarm', properties: { MetricName, Namespace, Dimensions } });
        }
      },
      verdict: 'compliant',
    },
    { name: 'other functions need none', build: stack => plainFunction(stack), verdict: 'not applicable' },
  ]);
});

describe('with the library', () => {
  testRule(FunctionHasMandatoryAlarms, [
    {
      name: 'a StandardLambda brings them',
      build: stack => {
        applyStandards(stack);
        new StandardLambda(stack, 'Function', {
          serviceName: 'chat',
          code: Code.fromInline('//'),
          handler: 'index.handler',
          role: new BedrockTaskRole(stack, 'Role', { allowedModels: ['anthropic.claude-3-haiku-20240307-v1:0'] }),
        });
      },
      verdict: 'compliant',
    },
    {
      name: 'a StandardLambda that invokes nothing brings them too',
      build: stack => {
        applyStandards(stack);
        new StandardLambda(stack, 'Function', { serviceName: 'cart', code: Code.fromInline('//'), handler: 'index.handler' });
      },
      verdict: 'compliant',
    },
    {
      name: 'MissingMetricAlarms of the service are enough for any other function',
      build: stack => {
        applyStandards(stack);
        genAiFunction(stack);
        new MissingMetricAlarm(stack, 'One', { metric: CatalogMetric.BEDROCK_INVOCATION_COUNT, serviceName: 'chat' });
        new MissingMetricAlarm(stack, 'Two', { metric: CatalogMetric.LATENCY_END_TO_END_MS, serviceName: 'chat' });
      },
      verdict: 'compliant',
    },
    {
      name: 'MissingMetricAlarms of the product are not',
      build: stack => {
        applyStandards(stack);
        genAiFunction(stack);
        new MissingMetricAlarm(stack, 'One', { metric: CatalogMetric.BEDROCK_INVOCATION_COUNT });
        new MissingMetricAlarm(stack, 'Two', { metric: CatalogMetric.LATENCY_END_TO_END_MS });
      },
      verdict: FOUND,
    },
  ]);
});
