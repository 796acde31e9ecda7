import { AsyncLocalStorage } from 'node:async_hooks';
import { RUNTIME_ENVIRONMENT } from '../../../../src/contract/data';

/** Which prompt a call to a model sends; the log of each call tells it. */
export interface PromptIdentity {
  readonly promptId: string;
  readonly promptVersion: string;
  /** SHA-256 of the compiled text. */
  readonly promptHash: string;
  /** SHA-256 of the prompt with its variables unfilled. */
  readonly templateHash?: string;
}

// A function bundled with its own copy of this module still shares the prompt with the layer's copy.
const STORAGE = Symbol.for(`${RUNTIME_ENVIRONMENT.bundleMarker}prompt`);
const shared = globalThis as { [STORAGE]?: AsyncLocalStorage<PromptIdentity> };
const storage = shared[STORAGE] ??= new AsyncLocalStorage<PromptIdentity>();

/** Every call to a model made in `work` is logged as one of this prompt. */
export function withPrompt<T>(prompt: PromptIdentity, work: () => T): T {
  return storage.run(prompt, work);
}

/** In the words of the log. */
export function currentPrompt(): { prompt_id: string; prompt_version: string; prompt_hash: string; template_hash?: string } | undefined {
  const prompt = storage.getStore();
  if (!prompt) return undefined;
  const { promptId, promptVersion, promptHash, templateHash } = prompt;
  const named = { prompt_id: promptId, prompt_version: promptVersion, prompt_hash: promptHash };
  return templateHash ? { ...named, template_hash: templateHash } : named;
}
