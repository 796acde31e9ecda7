import { tryModelInRegion } from '../../../../src/contract/model-reference';

/** A guardrail as a request names it. */
export interface GuardrailReference {
  readonly guardrailIdentifier: string;
  readonly guardrailVersion: string;
}

/** By Region, what is the same thing for the caller and has a name of its own in each. */
export interface RegionalTwins {
  readonly models?: Readonly<Record<string, string>>;
  readonly guardrails?: Readonly<Record<string, GuardrailReference>>;
}

export interface Route {
  readonly from: string;
  readonly to: string;
  readonly twins: RegionalTwins;
}

/** What of a request says where it can be answered. Converse takes the guardrail as a member, InvokeModel as two headers. */
interface RoutableInput extends Partial<GuardrailReference> {
  readonly modelId?: unknown;
  readonly guardrailConfig?: Partial<GuardrailReference>;
}

/**
 * The same request for another Region, or undefined when it can only be answered where it was going: a guardrail, a custom or provisioned
 * model, an application inference profile or a prompt exists in one Region unless it has a twin, and a profile never leaves its geography.
 */
export function inputForRegion<T extends object>(input: T, route: Route): T | undefined {
  const { modelId, guardrailConfig, ...rest } = input as RoutableInput;
  const model = typeof modelId === 'string' ? modelInRegion(modelId, route) : undefined;
  if (model === undefined) return undefined;

  const inMember = guardrailInRegion(guardrailConfig, route);
  const inHeaders = guardrailInRegion(rest, route);
  if (!inMember || !inHeaders) return undefined;
  if (model === modelId && !guardrailConfig?.guardrailIdentifier && !rest.guardrailIdentifier) return input;
  return { ...input, ...inHeaders, modelId: model, ...(guardrailConfig && { guardrailConfig: { ...guardrailConfig, ...inMember } }) };
}

function modelInRegion(modelId: string, { from, to, twins: { models } }: Route): string | undefined {
  return models?.[from] === modelId ? models[to] : tryModelInRegion(modelId, to);
}

/** The guardrail of the other Region, nothing for a request without one, and undefined when the guardrail has no twin there. */
function guardrailInRegion(
  given: Partial<GuardrailReference> | undefined, { from, to, twins: { guardrails } }: Route,
): Partial<GuardrailReference> | undefined {
  if (given?.guardrailIdentifier === undefined) return {};
  const own = guardrails?.[from];
  const isOwn = given.guardrailIdentifier === own?.guardrailIdentifier && given.guardrailVersion === own.guardrailVersion;
  return isOwn ? guardrails?.[to] : undefined;
}
