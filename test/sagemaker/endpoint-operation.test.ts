import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks } from 'cdk-nag';
import { asynchronous, component, endpointOf, only, Props, refusal, templateWith } from './support/operated-endpoint';
import { EndpointScaling, Inference, ScalingTarget } from '../../src/sagemaker';

const ENDPOINT_NAME = { 'Fn::GetAtt': [expect.stringMatching(/^Falcon/), 'EndpointName'] };

describe('scaling in real time', () => {
  const scaling = { maxInstances: 4 };

  test('follows the concurrent requests of a variant, with an instance at least', () => {
    const template = templateWith(() => ({ scaling }));
    expect(only(template, 'AWS::ApplicationAutoScaling::ScalableTarget').Properties).toEqual({
      ServiceNamespace: 'sagemaker',
      ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      ResourceId: { 'Fn::Join': ['', ['endpoint/', ENDPOINT_NAME, '/variant/AllTraffic']] },
      MinCapacity: 1,
      MaxCapacity: 4,
      RoleARN: {
        'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111122223333:role/aws-service-role/'
        + 'sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint']],
      },
    });
    expect(only(template, 'AWS::ApplicationAutoScaling::ScalingPolicy').Properties).toMatchObject({
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 5,
        ScaleOutCooldown: 60,
        ScaleInCooldown: 600,
        PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantConcurrentRequestsPerModelHighResolution' },
      },
    });
    template.resourceCountIs('AWS::IAM::Role', 1);
  });

  test('can follow invocations, with cooldowns of the user', () => {
    const target = ScalingTarget.invocationsPerMinute(70);
    const given = { ...scaling, target, scaleOutCooldown: Duration.seconds(0), scaleInCooldown: Duration.minutes(5) };
    templateWith(() => ({ scaling: given })).hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 70,
        ScaleOutCooldown: 0,
        ScaleInCooldown: 300,
        PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
      },
    });
  });

  test('keeps what it set when the endpoint is updated, and only then', () => {
    templateWith(() => ({ scaling })).hasResourceProperties('AWS::SageMaker::Endpoint', {
      RetainAllVariantProperties: true,
      ExcludeRetainedVariantProperties: [{ VariantPropertyType: 'DesiredWeight' }, { VariantPropertyType: 'DataCaptureConfig' }],
    });
    templateWith(() => ({})).hasResourceProperties('AWS::SageMaker::Endpoint', { RetainAllVariantProperties: Match.absent() });
  });

  test.each<[string, EndpointScaling, number | undefined, number]>([
    ['one', { maxInstances: 4 }, undefined, 1],
    ['as many as run at least', { minInstances: 2, maxInstances: 4 }, undefined, 2],
    ['as many as are wanted', { minInstances: 2, maxInstances: 4 }, 3, 3],
  ])('starts with %s', (_case, given, initialInstanceCount, expected) => {
    const template = templateWith(() => ({ scaling: given, inference: Inference.realtime({ initialInstanceCount }) }));
    expect(only(template, 'AWS::SageMaker::EndpointConfig').Properties.ProductionVariants[0].InitialInstanceCount).toBe(expected);
  });

  test('takes numbers that only the deployment knows', () => {
    const template = templateWith(stack => {
      const number = (id: string) => new CfnParameter(stack, id, { type: 'Number' }).valueAsNumber;
      const target = ScalingTarget.concurrentRequests(number('Target'));
      return { scaling: { minInstances: number('Min'), maxInstances: number('Max'), target } };
    });
    expect(only(template, 'AWS::ApplicationAutoScaling::ScalableTarget').Properties).toMatchObject({
      MinCapacity: { Ref: 'Min' }, MaxCapacity: { Ref: 'Max' },
    });
    expect(only(template, 'AWS::SageMaker::EndpointConfig').Properties.ProductionVariants[0].InitialInstanceCount).toEqual({ Ref: 'Min' });
  });
});

describe('scaling of an asynchronous endpoint', () => {
  const template = () => templateWith(stack => ({ inference: asynchronous(stack), scaling: { maxInstances: 3 } }));

  test('follows the requests that wait, down to zero', () => {
    expect(only(template(), 'AWS::ApplicationAutoScaling::ScalableTarget').Properties).toMatchObject({ MinCapacity: 0, MaxCapacity: 3 });
    template().hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 5,
        CustomizedMetricSpecification: {
          Namespace: 'AWS/SageMaker',
          MetricName: 'ApproximateBacklogSizePerInstance',
          Statistic: 'Average',
          Dimensions: [{ Name: 'EndpointName', Value: Match.anyValue() }],
        },
        PredefinedMetricSpecification: Match.absent(),
      },
    });
  });

  test('starts the first instance when requests wait for one', () => {
    const made = template();
    const policies = made.findResources('AWS::ApplicationAutoScaling::ScalingPolicy', { Properties: { PolicyType: 'StepScaling' } });
    const [[policyId, { Properties }]] = Object.entries(policies);
    expect(Properties.StepScalingPolicyConfiguration).toEqual({
      AdjustmentType: 'ChangeInCapacity',
      Cooldown: 300,
      MetricAggregationType: 'Maximum',
      StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
    });
    expect(only(made, 'AWS::CloudWatch::Alarm').Properties).toMatchObject({
      Namespace: 'AWS/SageMaker',
      MetricName: 'HasBacklogWithoutCapacity',
      Dimensions: [{ Name: 'EndpointName', Value: ENDPOINT_NAME }],
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold: 1,
      EvaluationPeriods: 1,
      Period: 60,
      TreatMissingData: 'notBreaching',
      AlarmActions: [{ Ref: policyId }],
    });
  });
});

describe('real time from zero', () => {
  const props = (): Props => ({ inference: component(), scaling: { maxInstances: 2 } });

  test('hosts the model as an inference component with a copy for each instance', () => {
    const template = templateWith(props);
    const { Properties: config } = only(template, 'AWS::SageMaker::EndpointConfig');
    expect(config).toMatchObject({
      ExecutionRoleArn: { 'Fn::GetAtt': [expect.stringMatching(/ExecutionRole/), 'Arn'] },
      EnableNetworkIsolation: true,
      ProductionVariants: [{
        VariantName: 'AllTraffic',
        InitialInstanceCount: 1,
        ManagedInstanceScaling: { Status: 'ENABLED', MinInstanceCount: 0, MaxInstanceCount: 2 },
        RoutingConfig: { RoutingStrategy: 'LEAST_OUTSTANDING_REQUESTS' },
      }],
    });
    expect(config.ProductionVariants[0]).not.toHaveProperty('ModelName');
    expect(only(template, 'AWS::SageMaker::InferenceComponent').Properties).toMatchObject({
      InferenceComponentName: expect.stringMatching(/^stack-falcon-[0-9a-f]{8}-zero$/),
      EndpointName: ENDPOINT_NAME,
      VariantName: 'AllTraffic',
      RuntimeConfig: { CopyCount: 1 },
      Specification: {
        ModelName: { 'Fn::GetAtt': [expect.stringMatching(/SageMakerModel/), 'ModelName'] },
        ComputeResourceRequirements: { NumberOfAcceleratorDevicesRequired: 1, MinMemoryRequiredInMb: 1024 },
        StartupParameters: { ModelDataDownloadTimeoutInSeconds: 1200, ContainerStartupHealthCheckTimeoutInSeconds: 600 },
      },
    });
  });

  test('comes after the rights of its role, and writes its log where components do', () => {
    const template = templateWith(props);
    expect(only(template, 'AWS::SageMaker::EndpointConfig').DependsOn).toEqual(
      expect.arrayContaining([expect.stringMatching(/ExecutionRolePolicy/)]),
    );
    const { Properties: { InferenceComponentName: name } } = only(template, 'AWS::SageMaker::InferenceComponent');
    expect(only(template, 'AWS::Logs::LogGroup').Properties.LogGroupName).toBe(`/aws/sagemaker/InferenceComponents/${name}`);
  });

  test('scales the copies of the component, which is deleted after its target', () => {
    const template = templateWith(props);
    const { id } = only(template, 'AWS::SageMaker::InferenceComponent');
    const name = { 'Fn::Select': [1, { 'Fn::Split': ['/', { Ref: id }] }] };
    expect(only(template, 'AWS::ApplicationAutoScaling::ScalableTarget').Properties).toMatchObject({
      ScalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
      ResourceId: { 'Fn::Join': ['', ['inference-component/', name]] },
      MinCapacity: 0,
      MaxCapacity: 2,
    });
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      TargetTrackingScalingPolicyConfiguration: {
        PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution' },
      },
    });
    expect(only(template, 'AWS::CloudWatch::Alarm').Properties).toMatchObject({
      MetricName: 'NoCapacityInvocationFailures', Dimensions: [{ Name: 'InferenceComponentName', Value: name }],
    });
  });

  test('lets callers invoke the endpoint and the component', () => {
    const { stack, endpoint } = endpointOf(props);
    endpoint.grantInvoke(new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    const template = Template.fromStack(stack);
    const resources = [only(template, 'AWS::SageMaker::Endpoint').id, only(template, 'AWS::SageMaker::InferenceComponent').id];
    template.hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: Match.stringLikeRegexp('Caller') }],
      PolicyDocument: { Statement: [Match.objectLike({ Resource: resources.map(Ref => ({ Ref })) })] },
    });
    expect(stack.resolve(endpoint.inferenceComponentName)).toEqual({ 'Fn::Select': [1, { 'Fn::Split': ['/', { Ref: resources[1] }] }] });
  });

  test('in a VPC the endpoint joins it, not the model', () => {
    const template = templateWith(stack => ({ ...props(), vpc: new Vpc(stack, 'Vpc', { maxAzs: 2 }) }));
    expect(only(template, 'AWS::SageMaker::EndpointConfig').Properties.VpcConfig.Subnets).toHaveLength(2);
    expect(only(template, 'AWS::SageMaker::Model').Properties).not.toHaveProperty('VpcConfig');
  });

  test.each([['us-east-1', 0], ['ap-south-2', 1]])('in %s it warns %d times of a Region that may refuse it', (region, times) => {
    const { stack } = endpointOf(props, { env: { account: '111122223333', region } });
    Template.fromStack(stack);
    (stack.node.root as App).synth();
    expect(Annotations.fromStack(stack).findWarning('/Stack/Falcon', Match.stringLikeRegexp('componentsMayBeRefused'))).toHaveLength(times);
  });

  test('is refused for a type of which nobody knows the GPUs, and where nothing would take it to zero', () => {
    expect(refusal(stack => ({ ...props(), instanceType: new CfnParameter(stack, 'Type').valueAsString })))
      .toMatch(/a copy of the model takes all GPUs of an instance/);
    expect(refusal(() => ({ inference: component() }))).toMatch(/Nothing would take this endpoint to zero/);
  });
});

describe('numbers that do not fit are refused', () => {
  const SCALING = (scaling: EndpointScaling, initialInstanceCount?: number) => () =>
    ({ scaling, inference: Inference.realtime({ initialInstanceCount }) });

  test.each<[string, (stack: Stack) => Props, RegExp]>([
    ['min above max', SCALING({ minInstances: 3, maxInstances: 2 }), /minInstances is above maxInstances[^]*":3,"maxInstances":2/],
    ['zero in real time', SCALING({ minInstances: 0, maxInstances: 2 }), /takes no real-time endpoint of this kind[^]*scaleToZero: true/],
    ['a max of zero', SCALING({ maxInstances: 0 }), /this number of instances: maxInstances[^]*at least 1/],
    ['half an instance', SCALING({ minInstances: 0.5, maxInstances: 2 }), /this number of instances: minInstances/],
    ['a negative min', stack => ({ inference: asynchronous(stack), scaling: { minInstances: -1, maxInstances: 2 } }),
      /minInstances[^]*at least 0/],
    ['more at first than at most', SCALING({ maxInstances: 2 }, 3), /initialInstanceCount is above maxInstances/],
    ['fewer at first than at least', SCALING({ minInstances: 2, maxInstances: 4 }, 1), /minInstances is above initialInstanceCount/],
    ['no instance at first', SCALING({ maxInstances: 2 }, 0), /this number of instances: initialInstanceCount/],
    ['a backlog in real time', SCALING({ maxInstances: 2, target: ScalingTarget.backlog(5) }), /A real-time endpoint has no backlog/],
    ['invocations of an asynchronous endpoint',
      stack => ({ inference: asynchronous(stack), scaling: { maxInstances: 2, target: ScalingTarget.invocationsPerMinute(5) } }),
      /publishes neither invocations nor concurrent requests[^]*ScalingTarget\.backlog\(5\)/],
    ['no work of an instance', SCALING({ maxInstances: 2, target: ScalingTarget.concurrentRequests(0) }), /the work of one instance/],
    ['a work that is no number', SCALING({ maxInstances: 2, target: ScalingTarget.invocationsPerMinute(NaN) }), /cannot be the work/],
  ])('%s', (_case, props, message) => {
    expect(refusal(props)).toMatch(message);
    expect(refusal(props)).toMatch(/^\[Stack\/Falcon\] [^]*\n +given: [^]*\n +allowed: [^]*\n +fix: /);
  });
});

test.each(['realtime', 'component', 'asynchronous'])('AwsSolutions finds nothing in the scaling: %s', kind => {
  const { stack } = endpointOf(scope => ({
    inference: kind === 'asynchronous' ? asynchronous(scope) : Inference.realtime({ scaleToZero: kind === 'component' }),
    scaling: { maxInstances: 2 },
  }));
  expect(new AwsSolutionsChecks().validateScope(stack.node.root).violations).toEqual([]);
});
