import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { letVolumesUse } from './execution-role';
import { ENDPOINT_SETTINGS } from '../contract/data';
import { serviceOfAccount } from '../standards/identities/service-of-account';
import { acknowledgeWildcards } from '../standards/late-values/acknowledge-wildcards';

const { notebook: { logGroup: LOG_GROUP } } = ENDPOINT_SETTINGS;

/** What the role of a notebook instance depends on: names, as they stand in the template. */
export interface NotebookRoleOptions {
  readonly notebookName: string;
  readonly endpointName: string;
  /** Of the configuration that a missing endpoint is made of; undefined where none is made. */
  readonly configName?: string;
  /** Of the disks of that endpoint. */
  readonly endpointKey?: IKey;
}

/** A role, and the policy without which the scripts of the instance can do nothing. */
export interface NotebookRole {
  readonly role: Role;
  readonly policy: Policy;
}

/**
 * What the scripts of the instance do, and nothing else. Disk and network interface are made under the identity that creates the instance.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/api-permissions-reference.html
 */
export function createNotebookRole(scope: Construct, options: NotebookRoleOptions): NotebookRole {
  const { notebookName, endpointName, configName, endpointKey } = options;
  const role = new Role(scope, 'Role', { assumedBy: serviceOfAccount(scope, 'sagemaker.amazonaws.com') });
  const arnOf = (resource: string, resourceName: string) => Stack.of(scope).formatArn({ service: 'sagemaker', resource, resourceName });
  const endpoint = arnOf('endpoint', endpointName);
  const logArn = (rest: string) => Stack.of(scope).formatArn({
    service: 'logs', resource: 'log-group', resourceName: `${LOG_GROUP}${rest}`, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const streams = logArn(`:log-stream:${notebookName}/*`);
  const policy = new Policy(role, 'Policy', {
    statements: [
      new PolicyStatement({ sid: 'LookAtEndpoint', actions: ['sagemaker:DescribeEndpoint'], resources: [endpoint] }),
      new PolicyStatement({
        sid: 'StopItself', actions: ['sagemaker:StopNotebookInstance'], resources: [arnOf('notebook-instance', notebookName)],
      }),
      ...configName === undefined ? [] : [new PolicyStatement({
        sid: 'MakeMissingEndpoint', actions: ['sagemaker:CreateEndpoint'], resources: [endpoint, arnOf('endpoint-config', configName)],
      }), ...endpointKey ? [letVolumesUse(endpointKey)] : []],
      // All notebook instances of the account share the group, and the first of them makes it.
      new PolicyStatement({
        sid: 'FindLogGroup', actions: ['logs:CreateLogGroup', 'logs:DescribeLogStreams'], resources: [logArn(''), logArn(':*')],
      }),
      new PolicyStatement({ sid: 'WriteOwnLogs', actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [streams] }),
    ],
  });
  role.attachInlinePolicy(policy);
  acknowledgeWildcards(policy, [streams, logArn(':*')],
    'SageMaker names the log streams of this one instance itself; IAM names a log group by the wildcard behind it.');
  return { role, policy };
}
