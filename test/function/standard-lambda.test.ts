import { App, CfnParameter, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { LAYER_HANDLER, MODEL, newStack, standardLambda } from './support';
import { BedrockTaskRole, CatalogMetric, HandlerKind, IamProbe, Standards } from '../../src';

describe('StandardLambda', () => {
  test('points Lambda at the layer and names the user\'s handler in the environment', () => {
    const stack = newStack();
    standardLambda(stack);
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
      Handler: LAYER_HANDLER,
      Runtime: 'nodejs24.x',
      Layers: [{ Ref: Match.stringLikeRegexp('^PlumblineNodeRuntime') }],
      Environment: {
        Variables: {
          PLUMBLINE_HANDLER: 'index.handler',
          PLUMBLINE_KIND: 'AUTO',
          PLUMBLINE_PROBE: 'NONE',
          PLUMBLINE_PRODUCT: 'MangaAssist',
          PLUMBLINE_ENVIRONMENT: 'prod',
          PLUMBLINE_SERVICE_NAME: 'chat',
        },
      },
    });
  });

  test('functions of one stack share one layer version', () => {
    const stack = newStack();
    standardLambda(stack, {}, 'One');
    standardLambda(stack, { serviceName: 'cart' }, 'Two');
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::LayerVersion', 1);
  });

  test('probes the role when it is a BedrockTaskRole', () => {
    const stack = newStack();
    standardLambda(stack, { role: new BedrockTaskRole(stack, 'Role', { allowedModels: [MODEL] }) });
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { PLUMBLINE_PROBE: 'BASIC' } } });
  });

  test('a deep probe knows the allowed models', () => {
    const stack = newStack();
    standardLambda(stack, { probe: IamProbe.DEEP, role: new BedrockTaskRole(stack, 'Role', { allowedModels: [MODEL] }) });
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { PLUMBLINE_PROBE: 'DEEP', PLUMBLINE_PROBE_MODELS: MODEL } },
    });
  });

  test('a deep probe without a BedrockTaskRole is an error', () => {
    expect(() => standardLambda(newStack(), { probe: IamProbe.DEEP })).toThrow(/\[Stack\/Chat\] A DEEP probe[^]*BedrockTaskRole/);
  });

  test('may write to its own log group and to nothing else, and holds no managed policy', () => {
    const stack = newStack();
    standardLambda(stack);
    const template = Template.fromStack(stack);
    const [role] = Object.values(template.findResources('AWS::IAM::Role'));
    expect(role.Properties.ManagedPolicyArns).toBeUndefined();
    const policies = Object.values(template.findResources('AWS::IAM::Policy'));
    expect(policies.map(policy => policy.Properties.PolicyDocument.Statement)).toEqual([[{
      Sid: 'WriteOwnLogs',
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^ChatLogGroup/), 'Arn'] },
    }]]);
    template.hasResourceProperties('AWS::Lambda::Function', {
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: Match.stringLikeRegexp('^ChatLogGroup') } },
    });
    expect(Object.keys(template.findResources('Custom::LogRetention'))).toEqual([]);
  });

  test('leaves the exact policy of a BedrockTaskRole untouched', () => {
    const stack = newStack({ account: '111122223333', region: 'us-east-1' });
    const role = new BedrockTaskRole(stack, 'Role', { allowedModels: [MODEL] });
    const before = JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Role'));
    const again = newStack({ account: '111122223333', region: 'us-east-1' });
    standardLambda(again, { role: new BedrockTaskRole(again, 'Role', { allowedModels: [MODEL] }) });
    expect(JSON.stringify(Template.fromStack(again).findResources('AWS::IAM::Role'))).toBe(before);
    expect(role.node.path).toBe('Stack/Role');
  });

  test('keeps managed policies that the user adds later', () => {
    const stack = newStack();
    standardLambda(stack).role!.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('AmazonSQSReadOnlyAccess'));
    const [role] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
    expect(JSON.stringify(role.Properties.ManagedPolicyArns)).toMatch(/AmazonSQSReadOnlyAccess/);
    expect(role.Properties.ManagedPolicyArns).toHaveLength(1);
  });

  test('is assumed by Lambda for functions of its own account alone', () => {
    const stack = newStack();
    standardLambda(stack);
    const [role] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
    expect(role.Properties.AssumeRolePolicyDocument.Statement).toEqual([{
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: 'lambda.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': stack.resolve(stack.account) } },
    }]);
  });

  test('in a VPC Lambda may manage the network interfaces and function code may not', () => {
    const stack = newStack();
    standardLambda(stack, { vpc: new Vpc(stack, 'Vpc') });
    const template = Template.fromStack(stack);
    const [role] = Object.values(
      template.findResources('AWS::IAM::Role', {
        Properties: { AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'lambda.amazonaws.com' } }] } },
      }),
    );
    expect(role.Properties.ManagedPolicyArns).toBeUndefined();
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Sid: 'JoinVpc', Effect: 'Allow' }),
          Match.objectLike({
            Sid: 'OnlyLambdaJoinsVpc',
            Effect: 'Deny',
            Condition: { ArnLike: { 'lambda:SourceFunctionArn': Match.anyValue() } },
          }),
        ]),
      },
    });
    template.hasResource('AWS::Lambda::Function', { DependsOn: Match.arrayWith([Match.stringLikeRegexp('^ChatNetworkPolicy')]) });
  });

  test('takes the log group and log format it is given', () => {
    const stack = newStack();
    const logGroup = new LogGroup(stack, 'Given');
    const fn = standardLambda(stack, { logGroup, loggingFormat: LoggingFormat.TEXT });
    expect(fn.logGroup).toBe(logGroup);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Logs::LogGroup', 1);
    template.hasResourceProperties('AWS::Lambda::Function', {
      LoggingConfig: { LogFormat: 'Text', LogGroup: { Ref: Match.stringLikeRegexp('^Given') } },
    });
    template.hasResourceProperties('AWS::Logs::MetricFilter', { FilterPattern: '"INIT_REPORT" "Status:"' });
  });

  test('works with CDK-managed log groups', () => {
    const app = new App({ context: { '@aws-cdk/aws-lambda:useCdkManagedLogGroup': true } });
    const stack = new Stack(app, 'Stack');
    Standards.apply(stack, { product: 'P', environment: 'dev', checks: false });
    standardLambda(stack);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Logs::LogGroup', 1);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [Match.objectLike({ Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ChatLogGroup'), 'Arn'] } })] },
    });
  });

  test('alarms on its silence, its internal errors and its failed starts', () => {
    const stack = newStack();
    standardLambda(stack, { role: new BedrockTaskRole(stack, 'Role', { allowedModels: [MODEL] }) });
    const alarms = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
    expect(alarms.map(alarm => alarm.Properties.AlarmName).sort()).toEqual([
      'MangaAssist-chat-BedrockInvocationCount-Missing',
      'MangaAssist-chat-ErrorCount-INTERNAL_ERROR',
      'MangaAssist-chat-InitFailure',
      'MangaAssist-chat-LatencyEndToEndMs-Missing',
    ]);
  });

  test('the init-failure alarm reads the metric that the filter on the function\'s log group writes', () => {
    const stack = newStack();
    standardLambda(stack);
    const template = Template.fromStack(stack);
    const [filter] = Object.values(template.findResources('AWS::Logs::MetricFilter'));
    const [{ MetricNamespace, MetricName }] = filter.Properties.MetricTransformations;
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'MangaAssist-chat-InitFailure',
      Namespace: MetricNamespace,
      MetricName,
      Dimensions: Match.absent(),
      TreatMissingData: 'notBreaching',
    });
    expect(filter.Properties.LogGroupName).toEqual({ Ref: expect.stringMatching(/^ChatLogGroup/) });
  });

  test('two functions of one service share its alarms', () => {
    const stack = newStack();
    standardLambda(stack, {}, 'Api');
    standardLambda(stack, { kind: HandlerKind.EVENT, alarms: [CatalogMetric.SESSION_COUNT] }, 'Worker');
    const names = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).map(alarm => alarm.Properties.AlarmName);
    expect(names).toContain('MangaAssist-chat-SessionCount-Missing');
    expect(new Set(names).size).toBe(names.length);
  });

  test('refuses environment variables of the runtime', () => {
    expect(() => standardLambda(newStack(), { environment: { PLUMBLINE_KIND: 'EVENT', STAGE: 'x' } }))
      .toThrow(/\[Stack\/Chat\] Environment variables that start with PLUMBLINE_[^]*given: +\["PLUMBLINE_KIND"\]/);
  });

  test('tells the runtime which pages may read its answers', () => {
    const stack = newStack();
    standardLambda(stack, { allowOrigins: ['https://a.example', 'https://b.example'] });
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { PLUMBLINE_ALLOW_ORIGIN: 'https://a.example,https://b.example' } },
    });
  });

  test.each(['https://*.x', 'javascript://x', 'https://user:password@a.example', 'https://a.example/'])('refuses the origin %s', origin => {
    expect(() => standardLambda(newStack(), { allowOrigins: [origin] })).toThrow(/\[Stack\/Chat\] A browser would never send this origin/);
  });

  test('refuses origins for anything but HTTP answers', () => {
    expect(() => standardLambda(newStack(), { kind: HandlerKind.EVENT, allowOrigins: ['*'] })).toThrow(
      /Only answers to HTTP requests carry CORS headers/,
    );
  });

  test.each(['', 'two words', '-x', 'x'.repeat(65)])('refuses the service name %p', serviceName => {
    expect(() => standardLambda(newStack(), { serviceName })).toThrow(/serviceName cannot be part/);
  });

  test('refuses a service name that is known only at deployment', () => {
    const stack = newStack();
    const serviceName = new CfnParameter(stack, 'Service').valueAsString;
    expect(() => standardLambda(stack, { serviceName })).toThrow(/serviceName must be known at synth[^]*token/);
  });

  test('refuses a runtime without a layer', () => {
    expect(() => standardLambda(newStack(), { runtime: Runtime.PYTHON_3_10 })).toThrow(/no runtime layer[^]*"python3.10"/);
  });

  test('AwsSolutions finds nothing, also with tracing and in a VPC', () => {
    const app = new App();
    Standards.apply(app, { product: 'P', environment: 'dev', checks: false });
    const stack = new Stack(app, 'Stack');
    standardLambda(stack, {
      tracing: Tracing.ACTIVE,
      vpc: new Vpc(stack, 'Vpc', { restrictDefaultSecurityGroup: false }),
      role: new BedrockTaskRole(stack, 'Role', { allowedModels: [MODEL] }),
    });
    Validations.of(stack.node.findChild('Vpc')).acknowledge({ id: 'AwsSolutions-VPC7', reason: 'Not what this test is about.' });
    const findings = new AwsSolutionsChecks(app).validateScope(stack).violations;
    expect(findings.filter(finding => !finding.violatingResources.every(resource => resource.constructPath?.includes('/Vpc/')))).toEqual(
      [],
    );
  });

  test('with tracing may write traces, and waits for the permission', () => {
    const stack = newStack();
    standardLambda(stack, { tracing: Tracing.ACTIVE });
    const template = Template.fromStack(stack);
    template.hasResource('AWS::Lambda::Function', {
      Properties: { TracingConfig: { Mode: 'Active' } },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^ChatTracingPolicy')]),
    });
    template.resourcePropertiesCountIs('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [Match.objectLike({ Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'] })] },
    }, 1);
  });

  test('works without a fixed environment and in every partition', () => {
    for (const env of [
      undefined,
      { account: '111122223333', region: 'cn-north-1' },
      { account: '111122223333', region: 'us-gov-west-1' },
    ]) {
      const stack = newStack(env);
      standardLambda(stack, { tracing: Tracing.ACTIVE });
      expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toMatch(/arn:aws:/);
    }
  });
});
