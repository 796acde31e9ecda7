import { hash } from 'node:crypto';
import type { ConverseCommandInput, Message } from '@aws-sdk/client-bedrock-runtime';
import type { FoundPrompt } from './prompt-source';
import type { PublishedPrompt } from './published-prompt';
import { converseInput } from '../../../src/contract/prompts/converse-input';
import { promptTemplate, type PromptTemplate } from '../../../src/contract/prompts/filled-prompt';
import { sentText } from '../../../src/contract/prompts/hashed-text';
import type { PromptContent, PromptMessage } from '../../../src/contract/prompts/prompt-content';
import { teachingText } from '../../../src/contract/teaching-error';
import { withPrompt } from '../bedrock/client/prompt-context';
import { EnvelopeError } from '../envelope/envelope';

export interface PromptOptions {
  /** A text for each variable of the prompt. It is put in as it is: nothing is escaped, and it is not looked at again. */
  readonly variables?: Readonly<Record<string, string>>;
  /**
   * The same for every request of a session, so that one session sees one version while a candidate is tried beside the active one.
   * @default - the active version
   */
  readonly sessionKey?: string;
}

/** An input of Converse whose messages are there. */
export type PromptConverseInput = ConverseCommandInput & { messages: Message[] };

/** A prompt with its variables filled, ready for a model. */
export interface Prompt extends PromptContent {
  readonly id: string;
  readonly version: string;
  /** SHA-256 of the prompt with its variables unfilled: what was approved. */
  readonly templateHash: string;
  /** SHA-256 of what is sent. */
  readonly promptHash: string;
  /**
   * Where it comes from: the registry; the cache, after its time, since the registry is away; the copy in the function's code, for the same
   * reason; or the file that stands for the registry in a unit test.
   */
  readonly source: 'registry' | 'stale' | 'bundled' | 'file';
  /**
   * What Bedrock's Converse is to be asked: model, messages, tools, parameters, guardrail, the schema of the answer, and the cache points
   * at their places. Each call makes a new one, to which a caller can add.
   */
  converseInput(): PromptConverseInput;
  /** Every call to a model made in `work` is logged as one of this prompt. */
  run<T>(work: () => T): T;
}

/** The prompt with these values. Errors: values that are missing, unknown or no texts; CONTEXT_TOO_LARGE for one that is too long. */
export function compiledPrompt({ prompt, source }: FoundPrompt, values: Readonly<Record<string, string>>): Prompt {
  const { id, version, templateHash, content: { model } } = prompt;
  const { templates, given } = preparedOf(prompt);
  requireValues(prompt, values);
  const messages = templates.map(({ role, template }) => ({ role, text: template.filled(values) }));
  const promptHash = hash('sha256', sentText(messages));
  const identity = { promptId: id, promptVersion: version, promptHash, templateHash };
  return {
    id,
    version,
    templateHash,
    promptHash,
    model,
    messages,
    source,
    ...given,
    converseInput: () => converseInput({ model, messages, ...given }) as unknown as PromptConverseInput,
    run: work => withPrompt(identity, work),
  };
}

function present<T extends object>(members: T): Partial<T> {
  return Object.fromEntries(Object.entries(members).filter(([, member]) => member !== undefined && member !== null)) as Partial<T>;
}

/** What every call with a version shares. */
interface Prepared {
  readonly templates: readonly { readonly role: PromptMessage['role']; readonly template: PromptTemplate }[];
  /** The names that its templates use, each once. */
  readonly used: readonly string[];
  /** What is given beside the messages. */
  readonly given: Partial<Omit<PromptContent, 'model' | 'messages'>>;
}

/** A version is used often. */
const prepared = new WeakMap<PublishedPrompt, Prepared>();

function preparedOf(prompt: PublishedPrompt): Prepared {
  const known = prepared.get(prompt);
  if (known) return known;
  const { messages, parameters, tools, responseSchema, guardrail, cachePoints } = prompt.content;
  const templates = messages.map(({ role, text }) => ({ role, template: promptTemplate(text) }));
  const used = [...new Set(templates.flatMap(({ template }) => template.variables))];
  const made = { templates, used, given: present({ parameters, tools, responseSchema, guardrail, cachePoints }) };
  prepared.set(prompt, made);
  return made;
}

function requireValues(prompt: PublishedPrompt, values: Readonly<Record<string, string>>): void {
  const { variables } = prompt;
  const missing = preparedOf(prompt).used.filter(name => !Object.hasOwn(values, name));
  if (missing.length > 0) throw mistake(prompt, `no value is given for ${missing.join(', ')}`, values);
  for (const name of Object.keys(values)) {
    const value = values[name];
    if (!Object.hasOwn(variables, name)) throw mistake(prompt, `it has no variable ${name}`, values);
    if (typeof value !== 'string') throw mistake(prompt, `the value of ${name} is no text`, values);
    requireLength(name, value, variables[name].maxLength);
  }
}

/** The budget of tokens was proven for the longest values. Mostly it is the caller who wrote this one, and can write a shorter one. */
function requireLength(name: string, value: string, maxLength: number): void {
  // A character is one or two code units: most values need not be counted.
  if (value.length <= maxLength) return;
  const length = [...value].length;
  if (length <= maxLength) return;
  throw new EnvelopeError('CONTEXT_TOO_LARGE', `${name} has ${length} characters; at most ${maxLength} are allowed.`);
}

/** The code that asks has to be mended. What the values are is not told: a user may have written them. */
function mistake(prompt: PublishedPrompt, problem: string, values: Readonly<Record<string, string>>): Error {
  return new Error(teachingText(`getPrompt ${prompt.id} ${prompt.version}`, {
    problem,
    given: Object.keys(values),
    allowed: `texts for ${preparedOf(prompt).used.join(', ') || 'no variable'}`,
    fix: 'pass { variables: { name: value } } with exactly these names, or promote a version that has the names the code knows',
  }));
}
