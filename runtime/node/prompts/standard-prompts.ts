import type * as awsStore from './aws-store';
import { compiledPrompt, Prompt, PromptOptions } from './compiled-prompt';
import { bundledPrompt, promptsInFile } from './local-prompts';
import type { PromptLimits, PromptPorts, PromptStore } from './ports';
import { PROMPT_PORTS } from './ports-of-runtime';
import { PromptProblem } from './prompt-problem';
import { PromptRegistryReader } from './prompt-registry-reader';
import { PromptSettings, readPromptSettings, tryPromptsFile } from './prompt-settings';
import { FoundPrompt, PromptSource } from './prompt-source';
import type { PublishedPrompt } from './published-prompt';
import { PROMPT_REGISTRY } from '../../../src/contract/data';
import { teachingText } from '../../../src/contract/teaching-error';
import { EnvelopeError } from '../envelope/envelope';

const { cache: { freshSeconds, maxStaleSeconds }, read: { waitMs, totalMs, retryMs } } = PROMPT_REGISTRY;
const LIMITS: PromptLimits = { freshMs: freshSeconds * 1_000, maxStaleMs: maxStaleSeconds * 1_000, waitMs, totalMs, retryMs };

/** What a test gives instead. */
export interface PromptSurroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly ports: PromptPorts;
  readonly limits: PromptLimits;
  storeOf(settings: PromptSettings): PromptStore;
}

const STANDARD: PromptSurroundings = {
  env: process.env,
  ports: PROMPT_PORTS,
  limits: LIMITS,
  storeOf: settings => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- a unit test with a file of prompts must not load three SDK clients
    const { AwsPromptStore } = require('./aws-store') as typeof awsStore;
    return new AwsPromptStore(settings);
  },
};

interface Found {
  find(sessionKey: string | undefined): Promise<FoundPrompt>;
}

/** The prompts of one function. */
export class StandardPrompts {
  private readonly sources = new Map<string, Found>();
  private settings: PromptSettings | undefined;
  private registry: PromptRegistryReader | undefined;
  private file: { readonly name: string; readonly prompts: ReadonlyMap<string, PublishedPrompt> } | undefined;

  public constructor(private readonly surroundings: PromptSurroundings = STANDARD) {}

  public async get(id: string, { variables = {}, sessionKey }: PromptOptions): Promise<Prompt> {
    requireSessionKey(id, sessionKey);
    const source = this.sources.get(id) ?? this.newSource(id);
    return compiledPrompt(await found(source, sessionKey), variables);
  }

  private newSource(id: string): Found {
    const { env, ports, limits } = this.surroundings;
    const file = tryPromptsFile(env);
    if (file) return this.fileSource(id, file);
    const { environment, prompts } = this.settings ??= readPromptSettings(env);
    const prompt = prompts.get(id);
    if (!prompt) throw unknownPrompt(id, [...prompts.keys()], `call grantRead(function, { prompts: ["${id}"] }) of the PromptRegistry`);
    this.registry ??= new PromptRegistryReader(this.surroundings.storeOf(this.settings), this.settings.key);
    const { bundled } = prompt;
    let copy: PublishedPrompt | undefined;
    const tryBundled = (): PublishedPrompt | undefined => (bundled ? copy ??= bundledPrompt(id, bundled) : undefined);
    const source = new PromptSource({ asked: { environment, id }, registry: this.registry, ports, limits, tryBundled });
    this.sources.set(id, source);
    return source;
  }

  /** Not kept by id: a test may name another file. */
  private fileSource(id: string, name: string): Found {
    if (this.file?.name !== name) this.file = { name, prompts: promptsInFile(name) };
    const prompt = this.file.prompts.get(id);
    if (!prompt) throw unknownPrompt(id, [...this.file.prompts.keys()], `write it into ${name}`);
    return { find: async () => ({ prompt, source: 'file' }) };
  }
}

/** Waiting mends only what cannot be read now. Everything else has to be mended by people, who are alarmed. */
async function found(source: Found, sessionKey: string | undefined): Promise<FoundPrompt> {
  try {
    return await source.find(sessionKey);
  } catch (error) {
    if (!(error instanceof PromptProblem)) throw error;
    if (error.kind !== 'unavailable') throw new EnvelopeError('INTERNAL_ERROR', undefined, { cause: error });
    throw new EnvelopeError('MODEL_UNAVAILABLE', 'The prompt for the model cannot be read now. Retry after 30 seconds.', { cause: error });
  }
}

function requireSessionKey(id: string, sessionKey: unknown): void {
  if (sessionKey === undefined || (typeof sessionKey === 'string' && sessionKey !== '')) return;
  throw new Error(teachingText(`getPrompt ${id}`, {
    problem: 'sessionKey is no text',
    given: sessionKey,
    allowed: 'a text that is the same for every request of a session; none: the active version',
    fix: 'pass the id of the session or of the user',
  }));
}

function unknownPrompt(id: string, known: readonly string[], fix: string): Error {
  return new Error(teachingText('getPrompt', {
    problem: 'the function has no such prompt', given: id, allowed: known.join(', ') || 'none', fix,
  }));
}

const prompts = new StandardPrompts();

export function standardPrompt(id: string, options: PromptOptions): Promise<Prompt> {
  return prompts.get(id, options);
}
