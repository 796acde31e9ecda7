import { IRole } from 'aws-cdk-lib/aws-iam';
import { BEDROCK_ROLE } from '../../contract/data';
import { PolicyGrant } from '../models/policy-grant';

/** Passing exactly this role, and to Bedrock only. */
export function passRoleToBedrock(role: IRole): PolicyGrant {
  return {
    ...BEDROCK_ROLE.statements.passRole,
    resources: [role.roleArn],
    conditions: { StringEquals: { 'iam:PassedToService': 'bedrock.amazonaws.com' } },
  };
}
