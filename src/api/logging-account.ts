import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnAccount, CfnStage, MethodLoggingLevel, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { isResourceOf } from './resource-type';
import { placeOf } from '../standards/deployed-place';
import { acknowledgeWildcards } from '../standards/late-values/acknowledge-wildcards';
import { Warning } from '../standards/warnings';

/** What AWS asks of the role, see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html */
const LIST_ACTION = 'logs:DescribeLogGroups';
const ACTIONS = [
  'logs:CreateLogGroup',
  'logs:CreateLogStream',
  'logs:DescribeLogStreams',
  'logs:FilterLogEvents',
  'logs:GetLogEvents',
  'logs:PutLogEvents',
];

/**
 * The setting of this account and Region that lets API Gateway write logs, with a role that holds no managed policy.
 *
 * API Gateway tests the role when it is set, by writing to a log group of its own; so the setting waits for the policy.
 *
 * The trust has no condition on `aws:SourceAccount`, as that of other roles has: API Gateway assumes roles without saying for whom,
 * and the condition would shut it out.
 *
 * @see https://github.com/aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws/pull/479
 */
export function createLoggingAccount(scope: Construct, removalPolicy: RemovalPolicy): CfnAccount {
  const role = new Role(scope, 'CloudWatchRole', { assumedBy: new ServicePrincipal('apigateway.amazonaws.com') });
  const logGroups = Stack.of(scope).formatArn({
    service: 'logs', resource: 'log-group', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const policy = new Policy(role, 'WriteLogs', {
    statements: [
      new PolicyStatement({ sid: 'WriteApiLogs', actions: ACTIONS, resources: [logGroups] }),
      new PolicyStatement({ sid: 'ListLogGroups', actions: [LIST_ACTION], resources: ['*'] }),
    ],
  });
  role.attachInlinePolicy(policy);
  acknowledgeWildcards(policy, [logGroups], 'The role serves every API of the account in this Region, and API Gateway names execution ' +
    'log groups after ids that are not known before; so it is narrowed to the log groups of this account and Region.');
  acknowledgeWildcards(policy, ['*'], `AWS defines ${LIST_ACTION} without resources, and API Gateway refuses a role without it.`);
  const account = new CfnAccount(scope, 'Account', { cloudWatchRoleArn: role.roleArn });
  account.node.addDependency(policy);
  for (const resource of [role, policy, account]) resource.applyRemovalPolicy(removalPolicy);
  return account;
}

/** A stage that wants to write logs, where nothing in the app gives the account of the API a role for it. */
export function findMissingLoggingRole(api: RestApi): Warning | undefined {
  if (!api.node.findAll().some(writesLogs) || isSetInApp(api)) return undefined;
  return {
    id: 'apiGatewayLoggingRole',
    message: 'API Gateway refuses to deploy a stage that writes logs while the account has no role for it in this Region, and a new ' +
      'account has none. Add cloudWatchRole: true to this API, which sets the role for the whole account and Region; or ' +
      'cloudWatchRole: false, when `aws apigateway get-account` shows a cloudwatchRoleArn.',
  };
}

function isSetInApp(api: RestApi): boolean {
  const place = JSON.stringify(placeOf(api.stack));
  return api.node.root.node.findAll()
    .filter(node => isResourceOf(node, CfnAccount.CFN_RESOURCE_TYPE_NAME))
    .some(node => JSON.stringify(placeOf(Stack.of(node))) === place);
}

function writesLogs(node: IConstruct): boolean {
  if (!isResourceOf<CfnStage>(node, CfnStage.CFN_RESOURCE_TYPE_NAME)) return false;
  const { accessLogSetting, methodSettings } = node;
  const settings = Array.isArray(methodSettings) ? methodSettings as CfnStage.MethodSettingProperty[] : [];
  return accessLogSetting !== undefined
    || settings.some(({ loggingLevel }) => loggingLevel !== undefined && loggingLevel !== MethodLoggingLevel.OFF);
}
