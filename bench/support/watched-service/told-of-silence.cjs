/* The same alarms as cdk-plumbline has, by cdk-monitoring-constructs and a user who knows all names, dimensions and numbers. */
exports.create = stack => {
  const { Duration, TimeZone } = require('aws-cdk-lib');
  const { AlarmMuteRule, ComparisonOperator, MathExpression, Metric, ScheduleExpression, TreatMissingData } =
    require('aws-cdk-lib/aws-cloudwatch');
  const { PolicyStatement } = require('aws-cdk-lib/aws-iam');
  const { Code, Function, LoggingFormat, Runtime } = require('aws-cdk-lib/aws-lambda');
  const { FilterPattern, LogGroup, MetricFilter } = require('aws-cdk-lib/aws-logs');
  const { Topic } = require('aws-cdk-lib/aws-sns');
  const { MonitoringFacade, SnsAlarmActionStrategy } = require('cdk-monitoring-constructs');

  const logGroup = new LogGroup(stack, 'Logs');
  const lambdaFunction = new Function(stack, 'Chat', {
    code: Code.fromInline('exports.handler = async () => 1'),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    loggingFormat: LoggingFormat.JSON,
    logGroup,
  });
  lambdaFunction.addToRolePolicy(new PolicyStatement({
    actions: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
    resources: ['arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0'],
  }));
  new MetricFilter(stack, 'InitFailures', {
    logGroup,
    filterPattern: FilterPattern.literal('{ ($.type = "platform.initReport") && ($.record.status != "success") }'),
    metricNamespace: 'MangaAssist/InitFailure',
    metricName: 'chat-prod',
    metricValue: '1',
  });
  const action = new SnsAlarmActionStrategy({ onAlarmTopic: new Topic(stack, 'Alarms') });
  const monitoring = new MonitoringFacade(stack, 'MangaAssist', {
    alarmFactoryDefaults: { alarmNamePrefix: 'MangaAssist', actionsEnabled: true, datapointsToAlarm: 1, action },
  });
  const dimensionsMap = { service_name: 'chat', environment: 'prod' };
  const metricOf = (namespace, metricName, dimensions, period = Duration.minutes(5), statistic = 'Sum') =>
    new Metric({ namespace, metricName, dimensionsMap: dimensions, period, statistic });
  const silence = {
    threshold: 0,
    comparisonOperator: ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingDataOverride: TreatMissingData.BREACHING,
    evaluationPeriods: 2,
    datapointsToAlarm: 2,
  };
  const above = (threshold, evaluationPeriods = 1) => ({
    threshold,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingDataOverride: TreatMissingData.NOT_BREACHING,
    evaluationPeriods,
    datapointsToAlarm: evaluationPeriods,
  });
  const errorsOf = (code, period) => metricOf('MangaAssist/Errors', 'ErrorCount', { ...dimensionsMap, error_code: code }, period);
  const shareOf = (code, period = Duration.minutes(5)) => {
    // A graph takes each id once.
    const [errors, requests] = [`errors_${code.toLowerCase()}`, `requests_${code.toLowerCase()}`];
    return new MathExpression({
      expression: `IF(FILL(${requests}, 0) > 0, 100 * FILL(${errors}, 0) / ${requests}, 0)`,
      usingMetrics: {
        [errors]: errorsOf(code, period),
        [requests]: metricOf('MangaAssist/Latency', 'EndToEndMs', dimensionsMap, period, 'SampleCount'),
      },
      period,
    });
  };
  const watch = (alarmFriendlyName, metric, alarm) => ({ alarmFriendlyName, metric, addAlarm: { Critical: alarm } });
  monitoring.addLargeHeader('chat').monitorLambdaFunction({ lambdaFunction }).monitorCustom({
    alarmFriendlyName: 'chat',
    metricGroups: [
      {
        title: 'Silence',
        metrics: [
          watch('Latency-Missing', metricOf('MangaAssist/Latency', 'EndToEndMs', dimensionsMap), silence),
          watch('Invocations-Missing', metricOf('MangaAssist/Bedrock', 'InvocationCount', dimensionsMap), silence),
        ],
      },
      {
        title: 'Errors',
        metrics: [
          watch('Errors-INTERNAL_ERROR', errorsOf('INTERNAL_ERROR'), above(0)),
          watch('Errors-THROTTLE', shareOf('THROTTLE'), above(1)),
          watch('Errors-RETRIEVAL_FAILED', shareOf('RETRIEVAL_FAILED'), above(2)),
          watch('Errors-AUTH_FAILED', shareOf('AUTH_FAILED'), above(0.5, 3)),
          watch('Errors-CONTENT_POLICY_VIOLATION', shareOf('CONTENT_POLICY_VIOLATION', Duration.minutes(1)), above(0.1)),
          watch('InitFailures', metricOf('MangaAssist/InitFailure', 'chat-prod', {}, Duration.minutes(1)), above(0)),
        ],
      },
    ],
  });
  new AlarmMuteRule(stack, 'MuteRule', {
    schedule: ScheduleExpression.cron({ minute: '0', hour: '2', timeZone: TimeZone.ASIA_TOKYO }),
    duration: Duration.hours(6),
    alarms: monitoring.createdAlarms().map(({ alarm }) => alarm).filter(({ node }) => /Missing/.test(node.id)),
  });
};
