import { ArnFormat, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** What AWS asks of the role, see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html */
const ACTIONS = [
  'logs:CreateLogGroup',
  'logs:CreateLogStream',
  'logs:DescribeLogGroups',
  'logs:DescribeLogStreams',
  'logs:FilterLogEvents',
  'logs:GetLogEvents',
  'logs:PutLogEvents',
];

/**
 * The setting of this account and Region that lets API Gateway write logs, with a role that holds no managed policy.
 *
 * API Gateway tests the role when it is set, by writing to a log group of its own; so the setting waits for the policy.
 */
export function createLoggingAccount(scope: Construct, removalPolicy: RemovalPolicy): CfnAccount {
  const role = new Role(scope, 'CloudWatchRole', { assumedBy: new ServicePrincipal('apigateway.amazonaws.com') });
  const logGroups = Stack.of(scope).formatArn({ service: 'logs', resource: 'log-group', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  const policy = new Policy(role, 'WriteLogs', {
    roles: [role],
    statements: [new PolicyStatement({ sid: 'WriteApiLogs', actions: ACTIONS, resources: [logGroups] })],
  });
  acknowledgeEveryLogGroup(policy, logGroups);
  const account = new CfnAccount(scope, 'Account', { cloudWatchRoleArn: role.roleArn });
  account.node.addDependency(policy);
  for (const resource of [role, policy, account]) resource.applyRemovalPolicy(removalPolicy);
  return account;
}

function acknowledgeEveryLogGroup(policy: Policy, logGroups: string): void {
  Validations.of(policy).acknowledge({
    id: `AwsSolutions::AwsSolutions-IAM5[Resource::${findingText(policy, logGroups)}]`,
    reason: 'The role serves every API of the account in this Region, and API Gateway names the execution log groups after ids that are not known before; ' +
      'so it is narrowed to log groups of this account and Region.',
  });
}

/** How cdk-nag writes a resource that holds references. */
function findingText(scope: Construct, arn: string): string {
  const resolved: unknown = Stack.of(scope).resolve(arn);
  const parts: unknown[] = isJoin(resolved) ? resolved['Fn::Join'][1] : [resolved];
  return parts.map(part => (typeof part === 'string' ? part : `<${(part as { Ref: string }).Ref}>`)).join('');
}

function isJoin(value: unknown): value is { 'Fn::Join': [string, unknown[]] } {
  return typeof value === 'object' && value !== null && 'Fn::Join' in value;
}
