import { canonicalJson, isWellFormed, JsonValue } from './canonical-json';
import { filledPrompt } from './filled-prompt';
import { PromptContent, PromptMessage, PromptVariable } from './prompt-content';

/* Each hash of a prompt is the SHA-256 of one of these texts. Who hashes takes the function from its platform. */

/** The members that decide an answer beside the messages; one that is null is as good as absent. */
const DECIDING = ['cachePoints', 'guardrail', 'model', 'parameters', 'responseSchema', 'tools'] as const;

/** What the template hash is the hash of: a prompt whose variables are not filled. */
export function templateText(content: PromptContent): string {
  const messages = content.messages.map(({ role, text }) => ({ role, text }));
  const members = DECIDING.map(name => [name, content[name] ?? undefined] as const);
  return canonicalJson({ ...Object.fromEntries(members), messages } as unknown as JsonValue);
}

/** What the compiled hash is the hash of: a prompt with each variable filled by its sample. */
export function compiledText(content: PromptContent, variables: Readonly<Record<string, PromptVariable>>): string {
  const samples = Object.fromEntries(Object.entries(variables).map(([name, { sample }]) => [name, sample]));
  return templateText({ ...content, messages: filledMessages(content.messages, samples) });
}

/**
 * What the prompt hash of a call is the hash of: the text that was really sent, or the canonical JSON of its messages when there are
 * several. A value may come from a caller, so half of a surrogate pair counts as U+FFFD, which is what it is in UTF-8.
 */
export function sentText(messages: readonly PromptMessage[]): string {
  if (messages.length === 1) return wellFormed(messages[0].text);
  // Their canonical JSON, written out: this is asked for with each call of a model.
  return `[${messages.map(({ role, text }) => `{"role":"${role}","text":${JSON.stringify(wellFormed(text))}}`).join(',')}]`;
}

function wellFormed(text: string): string {
  return isWellFormed(text) ? text : text.replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** The messages with their variables filled. Errors: see `filledPrompt`. */
export function filledMessages(messages: readonly PromptMessage[], values: Readonly<Record<string, string>>): PromptMessage[] {
  return messages.map(({ role, text }) => ({ role, text: filledPrompt(text, values) }));
}
