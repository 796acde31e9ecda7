import { CfnResource, Token } from 'aws-cdk-lib';
import { CfnAlias, CfnEventSourceMapping, CfnPermission, CfnVersion, Function } from 'aws-cdk-lib/aws-lambda';
import { IConstruct } from 'constructs';
import { referencesIn, resourcesOfApp } from '../standards/late-values/references';

/** Resources that call each function they name, with an event and not for HTTP. */
const CALLERS: ReadonlySet<string> = new Set([
  'AWS::Lambda::EventSourceMapping', 'AWS::Events::Rule', 'AWS::Scheduler::Schedule', 'AWS::Pipes::Pipe',
  'AWS::StepFunctions::StateMachine', 'AWS::AppSync::DataSource', 'AWS::SNS::Subscription',
]);
const API_GATEWAY = 'apigateway.amazonaws.com';
/** They let a function be called for HTTP, as its permissions say. Authorizers are among them: those are not seen. */
const HTTP_PRINCIPALS: ReadonlySet<string> = new Set([API_GATEWAY, 'elasticloadbalancing.amazonaws.com']);

/**
 * What in the app calls a function, or a version or an alias of it, with events that are not HTTP. Most services need a permission on the
 * function; those with a role of their own name the function in their definition.
 *
 * Not seen: a function that is named by a literal, as in a definition from a file, and what is in another app.
 */
export function findEventCallers(fn: Function): IConstruct[] {
  const resources = resourcesOfApp(fn);
  const names = namesOneOf(qualified(fn, resources));
  return resources.filter(resource => {
    if (resource instanceof CfnPermission) return isOfEventSource(resource) && names(resource, resource.functionName);
    return CALLERS.has(resource.cfnResourceType) && names(resource, resource._toCloudFormation());
  });
}

/** The event source mappings in the app for a function, or for a version or an alias of it. */
export function findEventSourceMappings(fn: Function): CfnEventSourceMapping[] {
  const resources = resourcesOfApp(fn);
  const mappings = resources.filter(resource => resource instanceof CfnEventSourceMapping);
  if (mappings.length === 0) return [];
  const names = namesOneOf(qualified(fn, resources));
  return mappings.filter(mapping => names(mapping, mapping._toCloudFormation()));
}

/** Whether an API of API Gateway in the app may call a function, or a version or an alias of it. */
export function isCalledByApiGateway(fn: Function): boolean {
  const resources = resourcesOfApp(fn);
  const names = namesOneOf(qualified(fn, resources));
  return resources.some(resource =>
    resource instanceof CfnPermission && resource.principal === API_GATEWAY && names(resource, resource.functionName));
}

type Names = (scope: IConstruct, value: unknown) => boolean;

function namesOneOf(targets: ReadonlySet<IConstruct>): Names {
  return (scope, value) => referencesIn(scope, value).some(target => targets.has(target));
}

/** A function with its versions and aliases. An alias may name a version. */
function qualified(fn: Function, resources: CfnResource[]): ReadonlySet<IConstruct> {
  const targets = new Set<IConstruct>([fn.node.defaultChild as CfnResource]);
  const names = namesOneOf(targets);
  for (const kind of [CfnVersion, CfnAlias]) {
    for (const qualifier of resources.filter(resource => resource instanceof kind)) {
      const { functionName } = qualifier as CfnVersion | CfnAlias;
      if (names(qualifier, functionName)) targets.add(qualifier);
    }
  }
  return targets;
}

function isOfEventSource({ principal }: CfnPermission): boolean {
  return !Token.isUnresolved(principal) && principal.endsWith('.amazonaws.com') && !HTTP_PRINCIPALS.has(principal);
}
