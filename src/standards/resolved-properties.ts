import { CfnResource } from 'aws-cdk-lib';

/** What a resource adds to the template of its stack; one of `Role.customizeRoles` adds nothing. */
export interface RenderedResource {
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Condition?: unknown;
}

/** What a resource adds to its template now, overrides included, by logical id. What is known only at deployment is an object. */
export function renderedResources(resource: CfnResource): Readonly<Record<string, RenderedResource>> {
  const { Resources } = resource.stack.resolve(resource._toCloudFormation()) as { Resources?: Record<string, RenderedResource> };
  return Resources ?? {};
}

/** The properties of a resource as they stand in its template now. */
export function resolvedProperties(resource: CfnResource): Readonly<Record<string, unknown>> {
  return Object.values(renderedResources(resource))[0].Properties ?? {};
}
