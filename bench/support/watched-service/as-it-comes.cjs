/* The alarms that cdk-monitoring-constructs has for a function, with the treatment of missing data that they come with. */
exports.create = stack => {
  const { Duration } = require('aws-cdk-lib');
  const { PolicyStatement } = require('aws-cdk-lib/aws-iam');
  const { Code, Function, Runtime } = require('aws-cdk-lib/aws-lambda');
  const { Topic } = require('aws-cdk-lib/aws-sns');
  const { MonitoringFacade, SnsAlarmActionStrategy } = require('cdk-monitoring-constructs');

  const lambdaFunction = new Function(stack, 'Chat', {
    code: Code.fromInline('exports.handler = async () => 1'),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
  });
  lambdaFunction.addToRolePolicy(new PolicyStatement({
    actions: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
    resources: ['arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0'],
  }));
  const action = new SnsAlarmActionStrategy({ onAlarmTopic: new Topic(stack, 'Alarms') });
  const monitoring = new MonitoringFacade(stack, 'MangaAssist', {
    alarmFactoryDefaults: { alarmNamePrefix: 'MangaAssist', actionsEnabled: true, datapointsToAlarm: 1, action },
  });
  monitoring.addLargeHeader('chat').monitorLambdaFunction({
    lambdaFunction,
    addFaultRateAlarm: { Critical: { maxErrorRate: 0.01 } },
    addThrottlesRateAlarm: { Critical: { maxErrorRate: 0.01 } },
    addLatencyP99Alarm: { Critical: { maxLatency: Duration.seconds(25) } },
    addMinInvocationsCountAlarm: { Critical: { minCount: 1, evaluationPeriods: 2, datapointsToAlarm: 2 } },
  });
};
