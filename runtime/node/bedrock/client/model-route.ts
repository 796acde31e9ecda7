import { tryModelInRegion } from '../../../../src/contract/model-reference';

/** What of a request says where it can be answered. */
export interface RoutableInput {
  readonly modelId?: unknown;
  readonly guardrailIdentifier?: unknown;
  readonly guardrailConfig?: { readonly guardrailIdentifier?: unknown };
}

/** Commands that ask a model and get their answer at once. Any other one works on something that lives in one Region. */
const REROUTABLE_COMMANDS: ReadonlySet<string> = new Set([
  'ConverseCommand', 'ConverseStreamCommand', 'InvokeModelCommand', 'InvokeModelWithResponseStreamCommand', 'CountTokensCommand',
]);

/**
 * The same request for the fallback Region, or undefined when it can only be answered where it was going: a guardrail, a custom or
 * provisioned model, an application inference profile or a prompt exists in one Region, and a profile never leaves its geography.
 */
export function inputForRegion<T extends object>(commandName: string, input: T, region: string): T | undefined {
  if (!REROUTABLE_COMMANDS.has(commandName)) return undefined;
  const { modelId, guardrailIdentifier, guardrailConfig } = input as RoutableInput;
  if (typeof modelId !== 'string' || guardrailIdentifier !== undefined || guardrailConfig?.guardrailIdentifier !== undefined) return undefined;
  const translated = tryModelInRegion(modelId, region);
  if (translated === undefined) return undefined;
  return translated === modelId ? input : { ...input, modelId: translated };
}
