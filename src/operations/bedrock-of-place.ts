import { Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';

/**
 * Bedrock, as long as it works for the account and Region of the stack.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html
 */
export function bedrockOfPlace(scope: IConstruct): ServicePrincipal {
  return new ServicePrincipal('bedrock.amazonaws.com', { conditions: conditionsOfPlace(scope) });
}

/** That a request is made for the account and Region of the stack. */
export function conditionsOfPlace(scope: IConstruct): Record<string, Record<string, string>> {
  const { partition, region, account } = Stack.of(scope);
  return {
    StringEquals: { 'aws:SourceAccount': account },
    ArnLike: { 'aws:SourceArn': `arn:${partition}:bedrock:${region}:${account}:*` },
  };
}
