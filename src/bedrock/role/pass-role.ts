import { IRole } from 'aws-cdk-lib/aws-iam';
import { PolicyGrant } from './policy-grant';
import { BEDROCK_ROLE } from '../../contract/data';

/** Passing exactly this role, and to Bedrock only. */
export function passRoleToBedrock(role: IRole): PolicyGrant {
  return {
    ...BEDROCK_ROLE.statements.passRole,
    resources: [role.roleArn],
    conditions: { StringEquals: { 'iam:PassedToService': 'bedrock.amazonaws.com' } },
  };
}
