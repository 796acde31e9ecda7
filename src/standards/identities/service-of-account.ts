import { Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';

/**
 * A service that works for resources of the stack's own account: in the name of another account's resources it may not assume a role.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export function serviceOfAccount(scope: IConstruct, service: string): ServicePrincipal {
  return new ServicePrincipal(service, { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } } });
}
