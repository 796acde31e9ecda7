import { placedCachePoints } from './cache-points';
import { canonicalJson, isObject, JsonValue } from './canonical-json';
import { PromptContent } from './prompt-content';

type JsonMembers = Readonly<Record<string, JsonValue | undefined>>;

/** A text, or the end of what a model may keep. */
export type ConverseBlock = { text: string } | { cachePoint: ConverseCachePoint };

export interface ConverseCachePoint {
  type: 'default';
  ttl?: string;
}

/** What Bedrock's Converse is asked, as far as a prompt says it. */
export interface ConverseInput {
  modelId: string;
  system?: ConverseBlock[];
  messages: { role: 'user' | 'assistant'; content: ConverseBlock[] }[];
  toolConfig?: JsonMembers;
  inferenceConfig?: JsonMembers;
  additionalModelRequestFields?: JsonMembers;
  guardrailConfig?: JsonMembers;
  outputConfig?: JsonMembers;
}

/** The parameters that Converse knows of every model; a model's own ones go beside them. */
const COMMON = ['maxTokens', 'temperature', 'topP', 'stopSequences'];

/**
 * The input of Converse that a prompt says, its variables filled. Messages of one role in a row become one, with a text each: Converse
 * wants the roles in turn.
 */
export function converseInput(content: PromptContent): ConverseInput {
  const points = placedCachePoints(content);
  const pointsAfter = (index: number): ConverseBlock[] => points.filter(point => point.index === index).map(({ ttl }) => cacheBlock(ttl));
  const blocks = content.messages.map(({ role, text }, index) => ({ role, content: [{ text }, ...pointsAfter(index)] }));
  const system = blocks.filter(({ role }) => role === 'system').flatMap(message => message.content);
  const { model, parameters, responseSchema, guardrail } = content;
  return {
    modelId: model,
    ...system.length > 0 && { system },
    messages: inTurn(blocks.filter(({ role }) => role !== 'system') as ConverseInput['messages']),
    ...toolConfig(content, pointsAfter(-1)),
    ...some('inferenceConfig', parameters, name => COMMON.includes(name)),
    ...some('additionalModelRequestFields', parameters, name => !COMMON.includes(name)),
    ...isThere(guardrail) && { guardrailConfig: isObject(guardrail) ? { ...guardrail } : { guardrailIdentifier: guardrail } },
    ...isThere(responseSchema) && {
      outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema: { schema: canonicalJson(responseSchema) } } } },
    },
  };
}

function cacheBlock(ttl: string | undefined): { cachePoint: ConverseCachePoint } {
  return { cachePoint: { type: 'default', ...ttl !== undefined && { ttl } } };
}

function inTurn(messages: ConverseInput['messages']): ConverseInput['messages'] {
  const turns: ConverseInput['messages'] = [];
  for (const { role, content } of messages) {
    const last = turns[turns.length - 1];
    if (last?.role === role) last.content.push(...content);
    else turns.push({ role, content });
  }
  return turns;
}

function toolConfig({ tools }: PromptContent, points: readonly ConverseBlock[]): Pick<ConverseInput, 'toolConfig'> {
  const config = Array.isArray(tools) ? { tools: tools as JsonValue[] } : tools;
  if (!isObject(config)) return {};
  if (points.length === 0) return { toolConfig: { ...config } as JsonMembers };
  return { toolConfig: { ...config, tools: [...config.tools as JsonValue[], ...points as unknown as JsonValue[]] } };
}

function some(member: keyof ConverseInput, parameters: JsonValue | undefined, isMeant: (name: string) => boolean): object {
  const entries = isObject(parameters) ? Object.entries(parameters).filter(([name]) => isMeant(name)) : [];
  return entries.length > 0 ? { [member]: Object.fromEntries(entries) } : {};
}

function isThere(value: JsonValue | undefined): value is Exclude<JsonValue, null> {
  return value !== undefined && value !== null;
}
