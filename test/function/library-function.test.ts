import { Match, Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { newStack } from './support';
import { LIBRARY_FUNCTIONS } from '../../src/contract/data';
import { LibraryFunction, LibraryFunctionName } from '../../src/function/library-function';

const NAMES = Object.keys(LIBRARY_FUNCTIONS.functions) as LibraryFunctionName[];
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:topic';

describe.each(NAMES)('the library function %s', name => {
  const stack = newStack();
  const fn = new LibraryFunction(stack, 'Function', {
    name,
    statements: [new PolicyStatement({ actions: ['sns:Publish'], resources: [TOPIC] })],
    actionsWithoutResources: ['bedrock:GetModelInvocationLoggingConfiguration'],
  });
  const template = Template.fromStack(stack);

  test('is under the standard, and a service of its own', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Handler: '/opt/nodejs/plumbline/handler.handler',
      Timeout: LIBRARY_FUNCTIONS.functions[name].timeoutSeconds,
      MemorySize: LIBRARY_FUNCTIONS.functions[name].memoryMb,
      Environment: {
        Variables: { PLUMBLINE_HANDLER: 'index.handler', PLUMBLINE_KIND: 'EVENT', PLUMBLINE_SERVICE_NAME: `plumbline-${name}` },
      },
    });
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties.AlarmName).sort();
    expect(alarms).toEqual(['ErrorCount-INTERNAL_ERROR', 'InitFailure', 'LatencyEndToEndMs-Slow'].map(
      suffix => `MangaAssist-plumbline-${name}-${suffix}`));
  });

  test('may do exactly what it was given, and write its log', () => {
    const policies = Object.values(template.findResources('AWS::IAM::Policy'));
    const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    expect(statements).toEqual([
      expect.objectContaining({ Sid: 'WriteOwnLogs', Resource: { 'Fn::GetAtt': [expect.stringContaining('LogGroup'), 'Arn'] } }),
      { Effect: 'Allow', Action: 'sns:Publish', Resource: TOPIC },
      { Sid: 'ActionsWithoutResources', Effect: 'Allow', Action: 'bedrock:GetModelInvocationLoggingConfiguration', Resource: '*' },
    ]);
    template.allResourcesProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
    expect(fn.actions.node.path).toBe('Stack/Function/Actions');
  });
});
