import { CfnResource } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** Whether a construct is a resource of a type, such as `CfnMethod.CFN_RESOURCE_TYPE_NAME`, in whichever copy of the CDK it was made. */
export function isResourceOf<R extends CfnResource>(node: IConstruct | undefined, type: string): node is R {
  return node !== undefined && CfnResource.isCfnResource(node) && node.cfnResourceType === type;
}
