import { CfnResource } from 'aws-cdk-lib';

/** The properties of a resource as they stand in its template now, overrides included. What is known only at deployment is an object. */
export function resolvedProperties(resource: CfnResource): Record<string, unknown> {
  const { Resources } = resource.stack.resolve(resource._toCloudFormation()) as { Resources: Record<string, { Properties?: object }> };
  return { ...Object.values(Resources)[0].Properties };
}
