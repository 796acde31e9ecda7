import { Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, ArnPrincipal, Effect, IPrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { FunctionUsesRuntimeLayer } from '../../../../src/governance/pack/rules';
import { testRule } from '../support/rule-cases';
import { mayInvoke, plainFunction } from '../support/workloads';

const FOUND = ['Function/Resource'];

describe('roles that may assume another', () => {
  const assume = (...resources: string[]): PolicyStatement => new PolicyStatement({ actions: ['sts:AssumeRole'], resources });
  const trusting = (stack: Stack, id: string, assumedBy: IPrincipal, roleName?: string): Role =>
    new Role(stack, id, { assumedBy, roleName });
  const invoking = (stack: Stack, principal: IPrincipal, roleName?: string): Role => {
    const role = trusting(stack, 'Invoking', principal, roleName);
    role.addToPolicy(mayInvoke());
    return role;
  };
  testRule(FunctionUsesRuntimeLayer, [
    {
      name: 'that may invoke count',
      build: stack => { plainFunction(stack).addToRolePolicy(assume(invoking(stack, new AccountRootPrincipal()).roleArn)); },
      verdict: FOUND,
    },
    {
      name: 'that trusts just this one count',
      build: stack => {
        const fn = plainFunction(stack);
        fn.addToRolePolicy(assume(invoking(stack, new ArnPrincipal(fn.role!.roleArn)).roleArn));
      },
      verdict: FOUND,
    },
    {
      name: 'in a chain count',
      build: stack => {
        const last = invoking(stack, new AccountRootPrincipal());
        const between = trusting(stack, 'Between', new AccountRootPrincipal());
        between.addToPolicy(assume(last.roleArn));
        plainFunction(stack).addToRolePolicy(assume(between.roleArn));
      },
      verdict: FOUND,
    },
    {
      name: 'in a circle count when one of them may invoke',
      build: stack => {
        const [one, other] = ['One', 'Other'].map(id => trusting(stack, id, new AccountRootPrincipal()));
        one.addToPolicy(assume(other.roleArn));
        other.addToPolicy(assume(one.roleArn, invoking(stack, new AccountRootPrincipal()).roleArn));
        plainFunction(stack).addToRolePolicy(assume(one.roleArn));
      },
      verdict: FOUND,
    },
    {
      name: 'by its name count',
      build: stack => {
        invoking(stack, new AccountRootPrincipal(), 'models');
        plainFunction(stack).addToRolePolicy(assume('arn:aws:iam::111122223333:role/models'));
      },
      verdict: FOUND,
    },
    {
      name: 'by a wildcard count',
      build: stack => {
        invoking(stack, new AccountRootPrincipal());
        plainFunction(stack).addToRolePolicy(assume('arn:aws:iam::111122223333:role/*'));
      },
      verdict: FOUND,
    },
    {
      name: 'that does not trust it do not',
      build: stack => {
        const other = invoking(stack, new ServicePrincipal('ecs-tasks.amazonaws.com'));
        plainFunction(stack).addToRolePolicy(assume(other.roleArn));
      },
      verdict: 'not applicable',
    },
    {
      name: 'of another name do not',
      build: stack => {
        invoking(stack, new AccountRootPrincipal(), 'models');
        plainFunction(stack).addToRolePolicy(assume('arn:aws:iam::111122223333:role/others'));
      },
      verdict: 'not applicable',
    },
    {
      name: 'that must not be assumed do not',
      build: stack => {
        const { roleArn } = invoking(stack, new AccountRootPrincipal());
        plainFunction(stack).addToRolePolicy(new PolicyStatement({ effect: Effect.DENY, actions: ['sts:*'], resources: [roleArn] }));
      },
      verdict: 'not applicable',
    },
  ]);
});
