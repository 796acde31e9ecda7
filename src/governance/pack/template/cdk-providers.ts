import { CfnResource } from 'aws-cdk-lib';
import { Provider } from 'aws-cdk-lib/custom-resources';

/** Ids under which the CDK keeps the functions of its own custom resources, with their roles. */
const PROVIDER_IDS = [
  /^Custom::.*CustomResourceProvider$/,
  /^Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C/,
  /^AWS679f53fac002430cb0da5b7982bd2287$/,
  /^LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8a$/,
  /^BucketNotificationsHandler050a0587b7544547bf325f094a3db834$/,
  /^AWSCDKCfnUtilsProviderCustomResourceProvider$/,
];
const FRAMEWORK_ID = /^framework-(onEvent|isComplete|onTimeout)$/;

/** Whether a resource belongs to a function of the CDK's own: its code comes with the CDK, and nobody could change it. */
export function isCdkProvider(resource: CfnResource): boolean {
  return resource.node.scopes.some(({ node }) =>
    PROVIDER_IDS.some(id => id.test(node.id)) || (FRAMEWORK_ID.test(node.id) && node.scope instanceof Provider));
}
