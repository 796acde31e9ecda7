import { readFileSync } from 'fs';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { BedrockGrants, BedrockTaskRole, GenAiEndpoint, GenAiModel, StandardLambda, StandardRestApi, Standards } from '../../../src';
import { allows, PolicyJson, StatementJson } from '../../bedrock/support/simulation';

const NOVA = 'amazon.nova-pro-v1:0';
const NOVA_ARN = `arn:aws:bedrock:us-east-1::foundation-model/${NOVA}`;
const manyModels = Array.from({ length: 200 }, (_value, index) => `provider.a-model-with-a-long-name-${index}-v1:0`);

interface ReportedRole {
  readonly roleConstructPath: string;
  readonly identityPolicyStatements: StatementJson[];
  readonly managedPolicyStatements: StatementJson[];
}

/** Each construct that makes a role or grants to one: the path of the role, and an action that its statements allow. */
const ROLES: Record<string, { readonly make: (stack: Stack) => void; readonly path: string; readonly action: string }> = {
  'a BedrockTaskRole': {
    make: stack => new BedrockTaskRole(stack, 'Task', { allowedModels: [NOVA] }),
    path: 'Stack/Task',
    action: 'bedrock:InvokeModel',
  },
  'a BedrockTaskRole of many models': {
    make: stack => new BedrockTaskRole(stack, 'Task', { allowedModels: [NOVA, ...manyModels] }),
    path: 'Stack/Task',
    action: 'bedrock:InvokeModel',
  },
  'a grant to a role': {
    make: stack => BedrockGrants.grantInvoke(new Role(stack, 'Own', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }), [NOVA]),
    path: 'Stack/Own',
    action: 'bedrock:InvokeModel',
  },
  'a grant of many models to a role': {
    make: stack => BedrockGrants.grantInvoke(
      new Role(stack, 'Own', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }), [NOVA, ...manyModels]),
    path: 'Stack/Own',
    action: 'bedrock:InvokeModel',
  },
  'a grant to an imported role': {
    make: stack => BedrockGrants.grantInvoke(Role.fromRoleName(stack, 'Imported', 'x'), [NOVA]),
    path: 'Stack/Imported',
    action: 'bedrock:InvokeModel',
  },
  'an endpoint': {
    make: stack => new GenAiEndpoint(stack, 'Falcon', { model: GenAiModel.jumpStart('huggingface-llm-falcon-7b-instruct-bf16', '4.6.16') }),
    path: 'Stack/Falcon/ExecutionRole',
    action: 'ecr:GetAuthorizationToken',
  },
  'an API with a logging role': {
    make: stack => new StandardRestApi(stack, 'Api', { cloudWatchRole: true }).root.addMethod('GET'),
    path: 'Stack/Api/CloudWatchRole',
    action: 'logs:DescribeLogGroups',
  },
  'a function': {
    make: stack => {
      Standards.apply(stack, { product: 'Shop', environment: 'dev', checks: false });
      new StandardLambda(stack, 'Chat', {
        serviceName: 'chat',
        code: Code.fromInline('exports.handler = () => undefined;'),
        handler: 'index.handler',
        role: new BedrockTaskRole(stack, 'Task', { allowedModels: [NOVA] }),
      });
    },
    path: 'Stack/Task',
    action: 'bedrock:InvokeModel',
  },
};

describe.each(Object.keys(ROLES))('where the roles of a stack were created before, %s', name => {
  const { make, path, action } = ROLES[name];
  const synthesised = (options: Parameters<typeof Role.customizeRoles>[1] = {}) => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
    Role.customizeRoles(stack, options);
    make(stack);
    return app.synth();
  };

  test.each([
    ['and its name is not told yet', {}],
    ['under a name', { usePrecreatedRoles: { [path.replace('Stack/', '')]: 'given' } }],
  ])('makes no role and changes none: %s', (_case, options) => {
    const { Resources } = synthesised(options).getStackByName('Stack').template as { Resources?: Record<string, { Type: string }> };
    expect(Object.values(Resources ?? {}).map(({ Type }) => Type).filter(type => type.startsWith('AWS::IAM::'))).toEqual([]);
  });

  test('has its statements in the CDK\'s policy report', () => {
    const report = readFileSync(join(synthesised().directory, 'iam-policy-report.json'), 'utf8');
    const { roles } = JSON.parse(report) as { roles: ReportedRole[] };
    const role = roles.find(({ roleConstructPath }) => roleConstructPath === path)!;
    const policy: PolicyJson = { Version: '2012-10-17', Statement: [...role.identityPolicyStatements, ...role.managedPolicyStatements] };
    expect(allows([policy], { action, resource: action.startsWith('bedrock') ? NOVA_ARN : '*' })).toBe(true);
  });

  test('needs no warning of missing statements', () => {
    const messages = synthesised().getStackByName('Stack').messages.map(({ entry }) => String(entry.data));
    expect(messages.filter(message => message.includes('statementsNotAttached'))).toEqual([]);
  });
});

test('the report leaves the template as it is where roles are made all the same', () => {
  const app = new App();
  const first = new Stack(app, 'First', { env: { region: 'us-east-1' } });
  Role.customizeRoles(first, { preventSynthesis: false });
  new BedrockTaskRole(first, 'Task', { allowedModels: ['us.amazon.nova-pro-v1:0'] });
  const second = new Stack(app, 'Second', { env: { region: 'us-east-1' } });
  Role.customizeRoles(second, { preventSynthesis: false });
  new BedrockTaskRole(second, 'Task', { allowedModels: ['us.amazon.nova-pro-v1:0'] });
  const template = JSON.stringify(app.synth().getStackByName('Second').template);
  expect(template).toContain('"Ref":"AWS::AccountId"');
  expect(template).not.toContain('(ACCOUNT)');
});
