import { CfnResource, Token } from 'aws-cdk-lib';
import { CfnAlias, CfnEventSourceMapping, CfnFunction, CfnPermission, CfnVersion, Function } from 'aws-cdk-lib/aws-lambda';
import { IConstruct } from 'constructs';
import { AppAtSynth } from '../standards/app-at-synth';
import { referencesIn } from '../standards/late-values/references';

/** Resources that call each function they name, with an event and not for HTTP. */
const CALLERS = [
  'AWS::Lambda::EventSourceMapping', 'AWS::Events::Rule', 'AWS::Scheduler::Schedule', 'AWS::Pipes::Pipe',
  'AWS::StepFunctions::StateMachine', 'AWS::AppSync::DataSource', 'AWS::SNS::Subscription',
];
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
  const app = AppAtSynth.of(fn);
  const callers = new Set([...namingOneOf(qualified(fn), referrers(app, CALLERS)), ...permissionsOf(fn).filter(isOfEventSource)]);
  return callers.size === 0 ? [] : app.resources.filter(resource => callers.has(resource));
}

/** The event source mappings in the app for a function, or for a version or an alias of it. */
export function findEventSourceMappings(fn: Function): CfnEventSourceMapping[] {
  const mappings = referrers(AppAtSynth.of(fn), [CfnEventSourceMapping.CFN_RESOURCE_TYPE_NAME]);
  return mappings.size === 0 ? [] : namingOneOf(qualified(fn), mappings).filter(mapping => mapping instanceof CfnEventSourceMapping);
}

/** Whether an API of API Gateway in the app may call a function, or a version or an alias of it. */
export function isCalledByApiGateway(fn: Function): boolean {
  return permissionsOf(fn).some(({ principal }) => principal === API_GATEWAY);
}

/** Resources by what they refer to. */
type Referrers = ReadonlyMap<IConstruct, readonly CfnResource[]>;

/** The resources of some types by what they refer to, anywhere or in the value that `valueOf` says; found out once a synthesis. */
function referrers(
  app: AppAtSynth, types: readonly string[], valueOf: (resource: CfnResource) => unknown = resource => resource._toCloudFormation(),
): Referrers {
  return app.once(`referrers ${types.join()}`, () => {
    const index = new Map<IConstruct, CfnResource[]>();
    for (const resource of types.flatMap(type => app.ofType(type))) {
      for (const target of new Set(referencesIn(resource, valueOf(resource)))) index.set(target, [...index.get(target) ?? [], resource]);
    }
    return index;
  });
}

function permissionsOf(fn: Function): CfnPermission[] {
  const permissions = referrers(AppAtSynth.of(fn), [CfnPermission.CFN_RESOURCE_TYPE_NAME], functionName);
  return namingOneOf(qualified(fn), permissions).filter(permission => permission instanceof CfnPermission);
}

/** A function with its versions and aliases. An alias may name a version. */
function qualified(fn: Function): ReadonlySet<IConstruct> {
  const qualifiers = referrers(AppAtSynth.of(fn), [CfnVersion.CFN_RESOURCE_TYPE_NAME, CfnAlias.CFN_RESOURCE_TYPE_NAME], functionName);
  const targets = new Set<IConstruct>([fn.node.defaultChild as CfnFunction]);
  for (const target of targets) for (const qualifier of qualifiers.get(target) ?? []) targets.add(qualifier);
  return targets;
}

function namingOneOf(targets: ReadonlySet<IConstruct>, naming: Referrers): CfnResource[] {
  return [...new Set([...targets].flatMap(target => naming.get(target) ?? []))];
}

function functionName(resource: CfnResource): string {
  return (resource as CfnPermission | CfnVersion | CfnAlias).functionName;
}

function isOfEventSource({ principal }: CfnPermission): boolean {
  return !Token.isUnresolved(principal) && principal.endsWith('.amazonaws.com') && !HTTP_PRINCIPALS.has(principal);
}
