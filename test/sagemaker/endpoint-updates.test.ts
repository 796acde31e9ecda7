import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { stackWith, statementsOf } from './support/endpoint-stack';
import { asynchronous, component, endpointOf, only, Props, refusal, templateWith } from './support/operated-endpoint';
import { EndpointDeployment } from '../../src/sagemaker';

describe('an update', () => {
  const deploymentOf = (template: Template) => only(template, 'AWS::SageMaker::Endpoint').Properties.DeploymentConfig;
  const shift = (type: string, wait: number, size: object = {}) => ({
    BlueGreenUpdatePolicy: {
      TerminationWaitInSeconds: 300, TrafficRoutingConfiguration: { Type: type, WaitIntervalInSeconds: wait, ...size },
    },
  });
  const percent = (Value: number) => ({ Type: 'CAPACITY_PERCENT', Value });

  test.each<[string, EndpointDeployment | undefined, object | undefined]>([
    ['none said', undefined, undefined],
    ['all at once', EndpointDeployment.allAtOnce(), shift('ALL_AT_ONCE', 0)],
    ['a canary', EndpointDeployment.canary(), shift('CANARY', 600, { CanarySize: percent(10) })],
    ['steps', EndpointDeployment.linear({ percent: 50, watchFor: Duration.minutes(2) }),
      shift('LINEAR', 120, { LinearStepSize: percent(50) })],
    ['rolling', EndpointDeployment.rolling(), { RollingUpdatePolicy: { MaximumBatchSize: percent(50), WaitIntervalInSeconds: 300 } }],
  ])('comes as it is wanted: %s', (_case, deployment, expected) => {
    expect(deploymentOf(templateWith(() => ({ deployment })))).toEqual(expected);
  });

  test('is taken back by alarms on the endpoint itself, without a circle', () => {
    const { stack, endpoint } = endpointOf(() => ({ deployment: EndpointDeployment.canary() }));
    const alarm = new Alarm(stack, 'Errors', { metric: endpoint.metricInvocation5XXErrors(), threshold: 5, evaluationPeriods: 1 });
    endpoint.addRollbackAlarm(alarm);
    endpoint.addRollbackAlarm(alarm);
    const template = Template.fromStack(stack);
    const { id, Properties } = only(template, 'AWS::CloudWatch::Alarm');
    expect(deploymentOf(template)).toMatchObject({ AutoRollbackConfiguration: { Alarms: [{ AlarmName: { Ref: id } }] } });
    expect(Properties.Dimensions[0].Value).toBe(only(template, 'AWS::SageMaker::Endpoint').Properties.EndpointName);
  });

  test('with alarms alone comes all at once', () => {
    const { stack, endpoint } = endpointOf(() => ({}));
    endpoint.addRollbackAlarm(Alarm.fromAlarmName(stack, 'Theirs', 'theirs'));
    expect(deploymentOf(Template.fromStack(stack))).toEqual({
      ...shift('ALL_AT_ONCE', 0), AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'theirs' }] },
    });
  });

  test('with scaleToZero comes batch by batch, to the component', () => {
    const { stack, endpoint } = endpointOf(() =>
      ({ inference: component(), scaling: { maxInstances: 2 }, deployment: EndpointDeployment.rolling({ percent: 25 }) }));
    endpoint.addRollbackAlarm(Alarm.fromAlarmName(stack, 'Theirs', 'theirs'));
    const template = Template.fromStack(stack);
    expect(deploymentOf(template)).toBeUndefined();
    expect(only(template, 'AWS::SageMaker::InferenceComponent').Properties.DeploymentConfig).toEqual({
      RollingUpdatePolicy: { MaximumBatchSize: percent(25), WaitIntervalInSeconds: 300 },
      AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'theirs' }] },
    });
  });

  test.each([[false, 1], [true, 0]])('that watches with an alarm (%s) is warned of %d times', (watched, times) => {
    const { stack, endpoint } = endpointOf(() => ({ deployment: EndpointDeployment.linear() }));
    if (watched) endpoint.addRollbackAlarm(Alarm.fromAlarmName(stack, 'Theirs', 'theirs'));
    (stack.node.root as App).synth();
    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('deploymentWithoutRollback'))).toHaveLength(times);
  });

  test.each<[string, Props, RegExp]>([
    ['a canary of most instances', { deployment: EndpointDeployment.canary({ percent: 51 }) }, /no such part[^]*1 to 50/],
    ['steps that are too small', { deployment: EndpointDeployment.linear({ percent: 9 }) }, /no such part[^]*10 to 50/],
    ['batches that are too small', { deployment: EndpointDeployment.rolling({ percent: 4 }) }, /no such part[^]*5 to 50/],
    ['a watch of hours', { deployment: EndpointDeployment.canary({ watchFor: Duration.hours(2) }) }, /update: watchFor[^]*at most 3600/],
    ['old instances for hours', { deployment: EndpointDeployment.allAtOnce({ keepOldFor: Duration.hours(2) }) }, /keepOldFor/],
    ['blue/green of a component', { inference: component(), scaling: { maxInstances: 2 }, deployment: EndpointDeployment.canary() },
      /batch by batch, not blue\/green[^]*EndpointDeployment\.rolling/],
  ])('is refused with %s', (_case, props, message) => {
    expect(refusal(() => props)).toMatch(message);
  });

  test('is refused with an eleventh alarm', () => {
    const { stack, endpoint } = stackWith();
    const add = (count: number) => endpoint.addRollbackAlarm(Alarm.fromAlarmName(stack, `A${count}`, `a${count}`));
    for (let count = 1; count <= 10; count++) add(count);
    expect(() => add(11)).toThrow(/\[Stack\/Falcon\] SageMaker watches no more alarms/);
  });
});

describe('captured data', () => {
  const bucket = (stack: Stack) => new Bucket(stack, 'Captured');

  test('lies where it is wanted, and the role may write it there', () => {
    const template = templateWith(stack => ({
      dataCapture: {
        destination: { bucket: bucket(stack), prefix: 'seen', expiration: Duration.days(7) }, samplingPercent: 20, requests: false,
      },
    }));
    expect(only(template, 'AWS::SageMaker::EndpointConfig').Properties.DataCaptureConfig).toEqual({
      EnableCapture: true,
      InitialSamplingPercentage: 20,
      CaptureOptions: [{ CaptureMode: 'Output' }],
      DestinationS3Uri: { 'Fn::Join': ['', ['s3://', { Ref: expect.stringMatching(/^Captured/) }, '/seen']] },
    });
    expect(statementsOf(template).KeepCapturedData).toMatchObject({
      Action: ['s3:PutObject', 's3:AbortMultipartUpload'],
      Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.stringMatching(/^Captured/), 'Arn'] }, '/seen/*']] },
    });
    template.hasResourceProperties('AWS::S3::Bucket', { LifecycleConfiguration: Match.anyValue() });
  });

  test.each<[string, (stack: Stack) => Props, RegExp]>([
    ['of an asynchronous endpoint', stack => ({ inference: asynchronous(stack), dataCapture: { destination: { bucket: bucket(stack) } } }),
      /are in S3 already/],
    ['of 101 percent', stack => ({ dataCapture: { destination: { bucket: bucket(stack) }, samplingPercent: 101 } }),
      /this part of the requests/],
    ['of nothing', stack => ({ dataCapture: { destination: { bucket: bucket(stack) }, requests: false, answers: false } }),
      /nothing to capture/],
    ['without a place', () => ({ dataCapture: {} as never }), /needs a place for its payloads: dataCapture\.destination/],
  ])('is refused %s', (_case, props, message) => {
    expect(refusal(props)).toMatch(message);
  });
});

describe('the times of a start', () => {
  test('can be set', () => {
    const template = templateWith(() => ({ modelDownloadTimeout: Duration.minutes(30), containerStartupTimeout: Duration.hours(1) }));
    expect(only(template, 'AWS::SageMaker::EndpointConfig').Properties.ProductionVariants[0]).toMatchObject({
      ModelDataDownloadTimeoutInSeconds: 1800, ContainerStartupHealthCheckTimeoutInSeconds: 3600,
    });
  });

  test.each([Duration.seconds(59), Duration.minutes(61), Duration.millis(90_500)])('%s is refused', time => {
    expect(refusal(() => ({ modelDownloadTimeout: time }))).toMatch(/no such time for the start[^]*: modelDownloadTimeout[^]*60 to 3600/);
    expect(refusal(() => ({ containerStartupTimeout: time }))).toMatch(/containerStartupTimeout/);
  });
});
