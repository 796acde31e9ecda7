import { CfnResource, NestedStack, Stack } from 'aws-cdk-lib';
import {
  CfnGroup, CfnGroupPolicy, CfnManagedPolicy, CfnPolicy, CfnRole, CfnRolePolicy, CfnUser, CfnUserPolicy, Group, ManagedPolicy, Policy,
  PolicyDocument, PolicyStatement, Role, ServicePrincipal, User,
} from 'aws-cdk-lib/aws-iam';
import { CfnPermissionSet } from 'aws-cdk-lib/aws-sso';
import { BedrockNoWildcard } from '../../../../src/governance/pack/rules';
import { testRule } from '../support/rule-cases';
import { MODEL } from '../support/workloads';

const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');

const role = (stack: Stack): Role => new Role(stack, 'Role', { assumedBy: LAMBDA });

describe('every kind of policy and principal', () => {
  const WIDE = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'bedrock:*', Resource: MODEL }] };
  const FOUND = ['Action::bedrock:*'];
  const wide = () => new PolicyStatement({ actions: ['bedrock:*'], resources: [MODEL] });
  const documents = () => ({ Inline: new PolicyDocument({ statements: [wide()] }) });
  const inline = [{ policyName: 'P', policyDocument: WIDE }];
  const generic = (type: string, properties: object) => (stack: Stack) => { new CfnResource(stack, 'Resource', { type, properties }); };
  const builds: [string, (stack: Stack) => void][] = [
    ['L2 role, added', stack => { role(stack).addToPolicy(wide()); }],
    ['L2 role, inline', stack => { new Role(stack, 'Role', { assumedBy: LAMBDA, inlinePolicies: documents() }); }],
    ['L2 user', stack => { new User(stack, 'User').addToPolicy(wide()); }],
    ['L2 group', stack => { new Group(stack, 'Group').addToPolicy(wide()); }],
    ['L2 policy', stack => { new Policy(stack, 'Policy', { statements: [wide()], roles: [role(stack)] }); }],
    ['L2 managed policy', stack => { new ManagedPolicy(stack, 'Policy', { statements: [wide()] }); }],
    ['imported role', stack => { Role.fromRoleName(stack, 'Role', 'somebody').addToPrincipalPolicy(wide()); }],
    ['L1 role', stack => { new CfnRole(stack, 'Role', { assumeRolePolicyDocument: {}, policies: inline }); }],
    ['L1 user', stack => { new CfnUser(stack, 'User', { policies: inline }); }],
    ['L1 group', stack => { new CfnGroup(stack, 'Group', { policies: inline }); }],
    ['L1 policy', stack => { new CfnPolicy(stack, 'Policy', { policyName: 'P', policyDocument: WIDE, roles: ['somebody'] }); }],
    ['L1 managed policy', stack => { new CfnManagedPolicy(stack, 'Policy', { policyDocument: WIDE }); }],
    ['L1 role policy', stack => { new CfnRolePolicy(stack, 'Policy', { policyName: 'P', policyDocument: WIDE, roleName: 'somebody' }); }],
    ['L1 user policy', stack => { new CfnUserPolicy(stack, 'Policy', { policyName: 'P', policyDocument: WIDE, userName: 'somebody' }); }],
    ['L1 group policy', stack => { new CfnGroupPolicy(stack, 'Policy', { policyName: 'P', policyDocument: WIDE, groupName: 'all' }); }],
    ['permission set', stack => { new CfnPermissionSet(stack, 'Set', { instanceArn: 'arn', name: 'n', inlinePolicy: WIDE }); }],
    ['permission set with a policy as text', generic('AWS::SSO::PermissionSet', { InlinePolicy: JSON.stringify(WIDE) })],
    ['resource without a class', generic('AWS::IAM::Role', { Policies: [{ PolicyName: 'P', PolicyDocument: WIDE }] })],
    ['SAM function', generic('AWS::Serverless::Function', { Policies: ['AWSLambdaBasicExecutionRole', WIDE] })],
    ['SAM function with one policy', generic('AWS::Serverless::Function', { Policies: WIDE })],
    ['SAM state machine beside a policy template',
      generic('AWS::Serverless::StateMachine', { Policies: [{ SQSSendMessagePolicy: { QueueName: 'q' } }, WIDE] })],
    ['nested stack', stack => { role(new NestedStack(stack, 'Nested')).addToPolicy(wide()); }],
  ];
  testRule(BedrockNoWildcard, builds.map(([name, build]) => ({ name, build, verdict: FOUND })));
});
