import { BEDROCK_ROLE } from '../data';
import { canBothMatch, coversService, hasWildcard, UNKNOWN } from './patterns';

/** One statement that allows something, each element as the texts it may become. */
export interface AllowStatement {
  readonly actions: string[];
  readonly notActions: string[];
  readonly resources: string[];
  readonly notResources: string[];
}

/** The actions that run a Bedrock model. */
const BEDROCK_INVOKE_ACTIONS: readonly string[] = BEDROCK_ROLE.statements.invoke.actions;

const { invocation, statements } = BEDROCK_ROLE;

/** The actions that run a model, however it is served. */
const INVOKE_ACTIONS = [...BEDROCK_INVOKE_ACTIONS, ...statements.invokeEndpoint.actions, ...invocation.otherActions];

/** All of Bedrock's service prefixes: `bedrock`, `bedrock-mantle`, `bedrock-agentcore`, … */
const BEDROCK = ['bedrock', 'bedrock-*'];
const SERVICES_OF_MODELS = [...BEDROCK, 'sagemaker'];

/** Whose ids are not models, and not known before they are used. */
const RESOURCES_THAT_ARE_NO_MODELS = ['async-invoke', 'guardrail', 'guardrail-profile', 'project'];

/** Whether a statement lets its holder run a model or an endpoint. */
export function allowsInvocation(statement: AllowStatement): boolean {
  const { actions, notActions } = statement;
  const allowed = notActions.length > 0
    ? INVOKE_ACTIONS.some(action => !matchesAny(notActions, action))
    : INVOKE_ACTIONS.some(action => matchesAny(actions, action));
  return allowed && (statement.notResources.length > 0 || statement.resources.some(resource => canBeOf(SERVICES_OF_MODELS, resource)));
}

/** What is known only at deployment is not taken for an action: it would be taken for every action. */
function matchesAny(patterns: string[], action: string): boolean {
  return patterns.some(pattern => !pattern.includes(UNKNOWN) && canBothMatch(pattern, action));
}

/** Whether a managed policy, by name or ARN, lets its holder run a model or an endpoint. */
export function policyAllowsInvocation(nameOrArn: string): boolean {
  return isOneOf(nameOrArn, invocation.managedPolicies);
}

/** Whether a managed policy, by name or ARN in any partition, is one of these. */
export function isOneOf(nameOrArn: string, names: readonly string[]): boolean {
  return names.includes(policyName(nameOrArn));
}

/** The name in the ARN of a managed policy, or the name itself. */
export function policyName(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);
}

/** The wildcards by which a statement allows more of Bedrock than it names. */
export function bedrockWildcards(statement: AllowStatement): string[] {
  return [
    ...statement.actions.filter(action => isBedrockWildcard(action, statement)).map(action => `Action::${readable(action)}`),
    ...(leavesBedrockOpen(statement) ? ['NotAction'] : []),
    ...(invokesBedrock(statement) ? openModels(statement) : []),
  ];
}

/** A pattern that names no service reaches Bedrock only where the resources may be Bedrock's. */
function isBedrockWildcard(action: string, statement: AllowStatement): boolean {
  if (!hasWildcard(action) || !BEDROCK.some(service => canBothMatch(action, `${service}:*`))) return false;
  if (/^bedrock/i.test(action)) return true;
  const { resources, notResources } = statement;
  return notResources.length > 0 || resources.length === 0 || resources.some(resource => canBeOf(BEDROCK, resource));
}

function leavesBedrockOpen(statement: AllowStatement): boolean {
  const { notActions } = statement;
  if (notActions.length === 0 || notActions.some(pattern => coversService(pattern, 'bedrock'))) return false;
  const { resources } = statement;
  return resources.length === 0 || resources.some(resource => canBeOf(BEDROCK, resource));
}

function invokesBedrock({ actions }: AllowStatement): boolean {
  return BEDROCK_INVOKE_ACTIONS.some(action => matchesAny(actions, action));
}

function openModels({ resources, notResources }: AllowStatement): string[] {
  return [
    ...(notResources.length > 0 ? ['NotResource'] : []),
    ...resources
      .filter(resource => hasWildcard(resource) && isOpen(resource) && canBeOf(BEDROCK, resource))
      .map(resource => `Resource::${readable(resource)}`),
  ];
}

/** Whether a resource can be an ARN of one of these services. A wildcard does not reach past the colon that ends its part of an ARN. */
function canBeOf(services: readonly string[], resource: string): boolean {
  const [start, , service] = resource.split(':');
  if (start.toLowerCase() !== 'arn' || service === undefined) return services.some(name => canBothMatch(resource, `arn:*:${name}:*`));
  return services.some(name => canBothMatch(service, name));
}

/** Whether Region, account or model hold a wildcard. */
function isOpen(resource: string): boolean {
  const [, , , region = '', account = '', ...rest] = resource.split(':');
  if (rest.length === 0) return hasWildcard(resource);
  if (hasWildcard(region) || hasWildcard(account)) return true;
  const model = rest.join(':');
  return hasWildcard(model) && !RESOURCES_THAT_ARE_NO_MODELS.includes(model.split('/')[0]);
}

function readable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '<token>');
}
