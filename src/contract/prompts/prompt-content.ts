import { JsonValue } from './canonical-json';

/** One turn of a prompt. */
export interface PromptMessage {
  readonly role: 'system' | 'user' | 'assistant';
  /** With its variables unfilled, in a template. */
  readonly text: string;
}

/** Where a model may keep what it has read until there, for the calls that begin in the same way. */
export interface CachePoint {
  /** The tools, the last message of the system, or the message of this number; the first one is 1. */
  readonly after: 'tools' | 'system' | number;
  /** How long it is kept: what the API calls it. Left out, it is the model's default. */
  readonly ttl?: string;
}

/** Everything that decides an answer beside the input. */
export interface PromptContent {
  readonly model: string;
  readonly messages: readonly PromptMessage[];
  readonly parameters?: JsonValue;
  readonly tools?: JsonValue;
  readonly responseSchema?: JsonValue;
  readonly guardrail?: JsonValue;
  readonly cachePoints?: readonly CachePoint[];
}

/** A variable of a template. */
export interface PromptVariable {
  /** Stands for the variable in the compiled hash. */
  readonly sample: string;
  /** In characters (Unicode code points). */
  readonly maxLength: number;
}

/** The text of a file without its byte-order mark, each line end as `\n`: an editor's habits change no hash. */
export function normalisedText(text: string): string {
  return text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
}

/** A whole line. Not by the flag `m`, to which U+2028 ends a line too. */
const ROLE_LINE = /(?<![^\n])<!-- (system|user|assistant) -->[ \t]*(?:\n|$)/g;
const BLANK = /^[ \t\n]*$/;

/**
 * The messages of a template: lines such as `<!-- system -->` begin one each. Without any it is one text of the user.
 *
 * Errors: text before the first of these lines, which would belong to no message.
 */
export function messagesOf(template: string): PromptMessage[] {
  const lines = [...template.matchAll(ROLE_LINE)];
  if (lines.length === 0) return [{ role: 'user', text: template }];
  const before = template.slice(0, lines[0].index);
  if (!BLANK.test(before)) {
    throw new Error(`"${before.trim().slice(0, 40)}" stands before the first message. Put it under <!-- system --> or <!-- user -->`);
  }
  return lines.map((line, index) => ({
    role: line[1] as PromptMessage['role'],
    text: template.slice(line.index + line[0].length, lines[index + 1]?.index),
  }));
}
