import { ArnFormat, Lazy, Stack, Validations } from 'aws-cdk-lib';
import { CfnRole, Effect, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { isDurable } from './handler-kind-of';
import { offerPolicy } from '../standards/identities/policy-offer';
import { acknowledgeWildcards } from '../standards/late-values/acknowledge-wildcards';

/** The AWS managed policies that the CDK gives to a function's role; what they allow is granted exactly instead. */
const REPLACED_MANAGED_POLICIES = [
  'service-role/AWSLambdaBasicExecutionRole',
  'service-role/AWSLambdaBasicDurableExecutionRolePolicy',
  'service-role/AWSLambdaVPCAccessExecutionRole',
];

/**
 * Gives a function's role exactly what Lambda itself needs to run the function, in policies beside the function, so
 * that a role can be shared between functions and stacks.
 */
export function grantExecution(fn: Function, logGroup: ILogGroup): void {
  const logPolicy = attachPolicy(fn, 'LogPolicy', [writeLogs(logGroup)]);
  acknowledgeWildcards(logPolicy, [logGroup.logGroupArn], 'The streams of this one log group: its ARN ends in ":*" where it is imported.');
  if (isDurable(fn)) grantCheckpoints(fn);
  if (fn.isBoundToVpc) grantBeforeCreation(fn, 'NetworkPolicy', networkStatements(fn));
  withoutManagedPolicies(fn);
  ofOwnAccount(fn);
}

/** Lets a function write X-Ray traces. */
export function grantTracing(fn: Function): void {
  grantBeforeCreation(fn, 'TracingPolicy', [
    new PolicyStatement({ sid: 'WriteTraces', actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], resources: ['*'] }),
  ]);
}

/**
 * Lets a durable function save and read the state of its own executions, whose ARNs extend those of its versions.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/durable-security.html
 */
function grantCheckpoints(fn: Function): void {
  const executions = `${fn.functionArn}:*`;
  const policy = attachPolicy(fn, 'DurablePolicy', [new PolicyStatement({
    sid: 'CheckpointOwnExecutions',
    actions: ['lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState'],
    resources: [executions],
  })]);
  acknowledgeWildcards(policy, [executions], 'The executions of this one function: their ARNs end with a version and an id of their own.');
}

/** Lambda refuses to create a function as long as its role may not do what its network and tracing settings need. */
function grantBeforeCreation(fn: Function, id: string, statements: PolicyStatement[]): void {
  const policy = attachPolicy(fn, id, statements);
  acknowledgeUnscopable(policy);
  fn.node.defaultChild!.node.addDependency(policy);
}

/** An unchangeable role takes no policy, and the policy then stays out of the template. */
function attachPolicy(fn: Function, id: string, statements: PolicyStatement[]): Policy {
  const policy = new Policy(fn, id, { statements });
  offerPolicy(fn.role!, policy);
  return policy;
}

function writeLogs(logGroup: ILogGroup): PolicyStatement {
  return new PolicyStatement({
    sid: 'WriteOwnLogs',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [logGroup.logGroupArn],
  });
}

/** What Lambda does to join a VPC; function code itself may do none of it. */
const NETWORK_ACTIONS = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

function networkStatements(fn: Function): PolicyStatement[] {
  const functions = Stack.of(fn).formatArn({
    service: 'lambda', resource: 'function', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return [
    new PolicyStatement({ sid: 'JoinVpc', actions: NETWORK_ACTIONS, resources: ['*'] }),
    new PolicyStatement({
      sid: 'OnlyLambdaJoinsVpc',
      effect: Effect.DENY,
      actions: NETWORK_ACTIONS,
      resources: ['*'],
      conditions: { ArnLike: { 'lambda:SourceFunctionArn': functions } },
    }),
  ];
}

function acknowledgeUnscopable(policy: Policy): void {
  Validations.of(policy).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'AWS defines these X-Ray and EC2 network interface actions without resources that are known before the call. ' +
      'The policy is the construct\'s own and holds nothing else on "*"; a Deny keeps function code from the EC2 ones.',
  });
}

/** The role that the CDK made for this function; a role given by the user stays as it is. */
function tryServiceRole(fn: Function): CfnRole | undefined {
  const role = fn.node.tryFindChild('ServiceRole')?.node.defaultChild;
  return role instanceof CfnRole ? role : undefined;
}

/** As `serviceOfAccount` does: the CDK lets Lambda assume the role for whom it may. */
function ofOwnAccount(fn: Function): void {
  tryServiceRole(fn)?.addPropertyOverride(
    'AssumeRolePolicyDocument.Statement.0.Condition', { StringEquals: { 'aws:SourceAccount': Stack.of(fn).account } });
}

/** Takes the replaced managed policies off the role that the CDK made for this function. */
function withoutManagedPolicies(fn: Function): void {
  const role = tryServiceRole(fn);
  if (!role) return;
  const attached = role.managedPolicyArns;
  role.managedPolicyArns = Lazy.list({
    produce: () => {
      const isReplaced = (arn: unknown) => REPLACED_MANAGED_POLICIES.some(name => JSON.stringify(arn).includes(`:policy/${name}"`));
      const kept = resolvedList(fn, attached).filter(arn => !isReplaced(arn));
      return kept.length > 0 ? kept as string[] : undefined;
    },
  });
}

function resolvedList(fn: Function, list: unknown): unknown[] {
  const resolved: unknown = Stack.of(fn).resolve(list);
  return Array.isArray(resolved) ? resolved : [];
}
