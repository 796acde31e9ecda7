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

const BEDROCK_ARN = /^arn:([a-z-]+):bedrock:([a-z0-9-]*):(\d{12})?:([a-z-]+)\/(.+)$/;
/**
 * Where the profiles of each geography are at home: `us.anthropic…` begins with it. A model's own id begins with its provider.
 * Tokyo and Osaka serve both `apac.` and `jp.` profiles.
 */
const GEOGRAPHIES: ReadonlyMap<string, RegExp> = new Map([
  ['us', /^us-(?!gov-)/],
  ['us-gov', /^us-gov-/],
  ['eu', /^eu-/],
  ['apac', /^ap-/],
  ['jp', /^ap-northeast-[13]$/],
  ['au', /^ap-southeast-[24]$/],
  ['ca', /^ca-/],
]);

/**
 * The same request for the fallback Region, or undefined when it can only be answered where it was going: a guardrail, a custom or
 * provisioned model, an application inference profile or a prompt exists in one Region, and a profile never leaves its geography.
 */
export function inputForRegion<T extends object>(commandName: string, input: T, region: string): T | undefined {
  if (!REROUTABLE_COMMANDS.has(commandName)) return undefined;
  const { modelId, guardrailIdentifier, guardrailConfig } = input as RoutableInput;
  if (typeof modelId !== 'string' || guardrailIdentifier !== undefined || guardrailConfig?.guardrailIdentifier !== undefined) return undefined;
  const translated = modelForRegion(modelId, region);
  if (translated === undefined) return undefined;
  return translated === modelId ? input : { ...input, modelId: translated };
}

/** The id that names the same model in another Region, or undefined when there is none. */
export function modelForRegion(modelId: string, region: string): string | undefined {
  const arn = BEDROCK_ARN.exec(modelId);
  if (!arn) return modelId.startsWith('arn:') || !reaches(modelId, region) ? undefined : modelId;

  const [, partition, , account = '', type, id] = arn;
  const isModel = type === 'foundation-model';
  const isSystemProfile = type === 'inference-profile' && reaches(id, region);
  return isModel || isSystemProfile ? `arn:${partition}:bedrock:${region}:${account}:${type}/${id}` : undefined;
}

function reaches(id: string, region: string): boolean {
  return GEOGRAPHIES.get(id.split('.', 1)[0])?.test(region) ?? true;
}
