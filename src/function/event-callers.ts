import {
  CfnResource, DefaultTokenResolver, IPostProcessor, IResolvable, IResolveContext, Reference, Stack, StringConcat, Token, Tokenization,
} from 'aws-cdk-lib';
import { CfnAlias, CfnPermission, CfnVersion, Function } from 'aws-cdk-lib/aws-lambda';
import { IConstruct } from 'constructs';

/** Resources that call each function they name, with an event and not for HTTP. */
const CALLERS: ReadonlySet<string> = new Set([
  'AWS::Lambda::EventSourceMapping', 'AWS::Events::Rule', 'AWS::Scheduler::Schedule', 'AWS::Pipes::Pipe',
  'AWS::StepFunctions::StateMachine', 'AWS::AppSync::DataSource', 'AWS::SNS::Subscription',
]);
/** They let a function be called for HTTP, as its permissions say. Authorizers are among them: those are not seen. */
const HTTP_PRINCIPALS: ReadonlySet<string> = new Set(['apigateway.amazonaws.com', 'elasticloadbalancing.amazonaws.com']);

/**
 * What in the app calls a function, or a version or an alias of it, with events that are not HTTP. Most services need a permission on the
 * function; those with a role of their own name the function in their definition.
 *
 * Not seen: a function that is named by a literal, as in a definition from a file, and what is in another app.
 */
export function findEventCallers(fn: Function): IConstruct[] {
  const resources = fn.node.root.node.findAll().filter(CfnResource.isCfnResource);
  const targets = new Set<IConstruct>([fn.node.defaultChild as CfnResource]);
  const names = (scope: IConstruct, value: unknown): boolean => referencesIn(scope, value).some(target => targets.has(target));
  // An alias may name a version.
  for (const kind of [CfnVersion, CfnAlias]) {
    for (const qualifier of resources.filter(resource => resource instanceof kind)) {
      const { functionName } = qualifier as CfnVersion | CfnAlias;
      if (names(qualifier, functionName)) targets.add(qualifier);
    }
  }
  return resources.filter(resource => {
    if (resource instanceof CfnPermission) return isOfEventSource(resource) && names(resource, resource.functionName);
    return CALLERS.has(resource.cfnResourceType) && names(resource, resource._toCloudFormation());
  });
}

function isOfEventSource({ principal }: CfnPermission): boolean {
  return !Token.isUnresolved(principal) && principal.endsWith('.amazonaws.com') && !HTTP_PRINCIPALS.has(principal);
}

/** The constructs that a value refers to, in this stack or another. */
function referencesIn(scope: IConstruct, value: unknown): IConstruct[] {
  const collector = new ReferenceCollector(new StringConcat());
  Tokenization.resolve(value, { scope: Stack.of(scope), resolver: collector, preparing: false });
  return collector.targets;
}

class ReferenceCollector extends DefaultTokenResolver {
  public readonly targets: IConstruct[] = [];

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    if (Reference.isReference(token)) this.targets.push(token.target);
    return super.resolveToken(token, context, postProcessor);
  }
}
