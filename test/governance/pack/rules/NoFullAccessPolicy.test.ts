import { CfnCondition, CfnParameter, CfnResource, Stack } from 'aws-cdk-lib';
import { CfnRole, Group, ManagedPolicy, Role, ServicePrincipal, User } from 'aws-cdk-lib/aws-iam';
import { CfnPermissionSet } from 'aws-cdk-lib/aws-sso';
import { CHECKS } from '../../../../src/contract/data';
import { CHECK_RULES } from '../../../../src/governance/pack/check-rules';
import { RuleCase, testRule } from '../support/rule-cases';

const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');

function cases(forbidden: string): RuleCase[] {
  const managed = () => ManagedPolicy.fromAwsManagedPolicyName(forbidden);
  const l1 = (stack: Stack, managedPolicyArns: string[]) => new CfnRole(stack, 'Role', { assumeRolePolicyDocument: {}, managedPolicyArns });
  return [
    {
      name: 'L2 role',
      build: stack => new Role(stack, 'Role', { assumedBy: LAMBDA, managedPolicies: [managed()] }),
      verdict: ['Role/Resource'],
    },
    {
      name: 'L2 role, attached later',
      build: stack => new Role(stack, 'Role', { assumedBy: LAMBDA }).addManagedPolicy(managed()),
      verdict: ['Role/Resource'],
    },
    { name: 'L2 user', build: stack => new User(stack, 'User', { managedPolicies: [managed()] }), verdict: ['User/Resource'] },
    { name: 'L2 group', build: stack => new Group(stack, 'Group', { managedPolicies: [managed()] }), verdict: ['Group/Resource'] },
    { name: 'L1 role', build: stack => l1(stack, [`arn:aws:iam::aws:policy/${forbidden}`]), verdict: ['Role'] },
    { name: 'in China', build: stack => l1(stack, [`arn:aws-cn:iam::aws:policy/${forbidden}`]), verdict: ['Role'] },
    {
      name: 'permission set',
      build: stack => {
        const managedPolicies = [`arn:aws:iam::aws:policy/${forbidden}`];
        new CfnPermissionSet(stack, 'Set', { instanceArn: 'arn', name: 'n', managedPolicies });
      },
      verdict: ['Set'],
    },
    {
      name: 'Fn::Sub',
      build: stack => {
        const arn = { 'Fn::Sub': `arn:\${AWS::Partition}:iam::aws:policy/${forbidden}` };
        new CfnResource(stack, 'Role', { type: 'AWS::IAM::Role', properties: { ManagedPolicyArns: [arn] } });
      },
      verdict: ['Role'],
    },
    {
      name: 'one branch of Fn::If',
      build: stack => {
        new CfnCondition(stack, 'Wide');
        const arns = { 'Fn::If': ['Wide', [`arn:aws:iam::aws:policy/${forbidden}`], { Ref: 'AWS::NoValue' }] };
        new CfnResource(stack, 'Role', { type: 'AWS::IAM::Role', properties: { ManagedPolicyArns: arns } });
      },
      verdict: ['Role'],
    },
    {
      name: 'a parameter with the policy as its default',
      build: stack => l1(stack, [new CfnParameter(stack, 'Arn', { default: `arn:aws:iam::aws:policy/${forbidden}` }).valueAsString]),
      verdict: ['Role'],
    },
    { name: 'a role without policies is compliant', build: stack => new Role(stack, 'Role', { assumedBy: LAMBDA }), verdict: 'compliant' },
    {
      name: 'another managed policy is compliant',
      build: stack => l1(stack, ['arn:aws:iam::aws:policy/ReadOnlyAccess', `arn:aws:iam::aws:policy/My${forbidden}`]),
      verdict: 'compliant',
    },
    {
      name: 'as a permissions boundary it is compliant: that allows nothing',
      build: stack => new Role(stack, 'Role', { assumedBy: LAMBDA, permissionsBoundary: managed() }),
      verdict: 'compliant',
    },
    {
      name: 'a policy known only at deployment is compliant',
      build: stack => l1(stack, [new CfnParameter(stack, 'Arn').valueAsString]),
      verdict: 'compliant',
    },
    { name: 'other resources', build: stack => new CfnResource(stack, 'Bucket', { type: 'AWS::S3::Bucket' }), verdict: 'not applicable' },
  ];
}

/** Every rule that only forbids managed policies: a new one is tested by these cases too. */
const RULES: [name: string, policies: readonly string[]][] = CHECKS.rules.flatMap(rule =>
  ('forbiddenManagedPolicies' in rule ? [[rule.name, rule.forbiddenManagedPolicies]] : []));

describe.each(RULES)('%s', (name, policies) => {
  const { check } = CHECK_RULES.find(rule => rule.name === name)!;
  testRule(check, cases(policies[0]));

  testRule(check, policies.map(policy => ({
    name: `${policy} is found`,
    build: stack => {
      const managedPolicyArns = [`arn:aws:iam::aws:policy/${policy}`];
      new CfnRole(stack, 'Role', { assumeRolePolicyDocument: {}, managedPolicyArns });
    },
    verdict: ['Role'],
  })), ['before synthesis']);

  const others = RULES.flatMap(([, forbidden]) => forbidden).filter(policy => !policies.includes(policy));
  testRule(check, others.slice(0, 1).map(other => ({
    name: `${other} is another rule's`,
    build: stack => new Role(stack, 'Role', { assumedBy: LAMBDA, managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName(other)] }),
    verdict: 'compliant',
  })));
});
