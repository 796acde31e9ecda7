/* The same resources with nothing but the CDK, written as a team would that knows all the numbers. */
exports.create = (stack, layerAsset) => {
  const { Duration, Tags, TimeZone } = require('aws-cdk-lib');
  const { Alarm, AlarmMuteRule, ComparisonOperator, Metric, ScheduleExpression, TreatMissingData } = require('aws-cdk-lib/aws-cloudwatch');
  const { Policy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } = require('aws-cdk-lib/aws-iam');
  const { Code, Function, LayerVersion, LoggingFormat, Runtime } = require('aws-cdk-lib/aws-lambda');
  const { FilterPattern, LogGroup, MetricFilter, RetentionDays } = require('aws-cdk-lib/aws-logs');

  const role = new Role(stack, 'Role', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: {
      Bedrock: new PolicyDocument({
        statements: [
          new PolicyStatement({
            sid: 'BedrockInvoke',
            actions: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
            resources: ['arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0'],
          }),
          new PolicyStatement({ sid: 'BedrockListForHealthCheck', actions: ['bedrock:ListFoundationModels'], resources: ['*'] }),
        ],
      }),
    },
  });
  Tags.of(role).add('plumbline:version', '0.0.0');

  const logGroup = new LogGroup(stack, 'LogGroup', { retention: RetentionDays.THREE_MONTHS });
  const layer = new LayerVersion(stack, 'Layer', {
    code: Code.fromAsset(layerAsset),
    compatibleRuntimes: [Runtime.NODEJS_22_X, Runtime.NODEJS_24_X],
    description: 'The runtime for Node.js',
  });
  new Function(stack, 'Chat', {
    code: Code.fromInline('exports.handler = async () => 1'),
    handler: '/opt/nodejs/plumbline/handler.handler',
    runtime: Runtime.NODEJS_24_X,
    layers: [layer],
    role,
    logGroup,
    loggingFormat: LoggingFormat.JSON,
    timeout: Duration.seconds(200),
    memorySize: 512,
    environment: {
      PLUMBLINE_HANDLER: 'index.handler',
      PLUMBLINE_KIND: 'API',
      PLUMBLINE_PRODUCT: 'MangaAssist',
      PLUMBLINE_ENVIRONMENT: 'prod',
      PLUMBLINE_SERVICE_NAME: 'chat',
      PLUMBLINE_PROBE: 'BASIC',
    },
  });
  role.attachInlinePolicy(new Policy(stack, 'LogPolicy', {
    statements: [new PolicyStatement({ sid: 'WriteOwnLogs', actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] })],
  }));
  new MetricFilter(stack, 'InitFailuresFilter', {
    logGroup,
    filterPattern: FilterPattern.literal('{ ($.type = "platform.initReport") && ($.record.status != "success") }'),
    metricNamespace: 'MangaAssist/InitFailure',
    metricName: 'chat-prod',
    metricValue: '1',
  });

  const environment = 'prod';
  const service_name = 'chat';
  const sum = (namespace, metricName, dimensionsMap, period = Duration.minutes(5)) =>
    new Metric({ namespace, metricName, dimensionsMap, period, statistic: 'Sum' });
  const alarmAbove = (id, alarmName, metric) => new Alarm(stack, id, {
    alarmName,
    alarmDescription: alarmName,
    metric,
    threshold: 0,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  const alarmOnSilence = (id, alarmName, metric) => new Alarm(stack, id, {
    alarmName,
    alarmDescription: alarmName,
    metric,
    threshold: 0,
    evaluationPeriods: 2,
    comparisonOperator: ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.BREACHING,
  });
  alarmAbove('InternalErrors', 'MangaAssist-chat-ErrorCount-INTERNAL_ERROR',
    sum('MangaAssist/Errors', 'ErrorCount', { environment, service_name, error_code: 'INTERNAL_ERROR' }));
  alarmAbove('InitFailures', 'MangaAssist-chat-InitFailure', sum('MangaAssist/InitFailure', 'chat-prod', undefined, Duration.minutes(1)));
  const muteRule = new AlarmMuteRule(stack, 'MuteRule', {
    description: 'Silence is expected for 6 hours from 02:00 Asia/Tokyo',
    schedule: ScheduleExpression.cron({ minute: '0', hour: '2', timeZone: TimeZone.ASIA_TOKYO }),
    duration: Duration.hours(6),
  });
  muteRule.addAlarm(alarmOnSilence('LatencyMissing', 'MangaAssist-chat-LatencyEndToEndMs-Missing',
    sum('MangaAssist/Latency', 'EndToEndMs', { environment, service_name })));
  muteRule.addAlarm(alarmOnSilence('InvocationsMissing', 'MangaAssist-chat-BedrockInvocationCount-Missing',
    sum('MangaAssist/Bedrock', 'InvocationCount', { environment, service_name })));
};
