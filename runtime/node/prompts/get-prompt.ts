import type { Prompt, PromptOptions } from './compiled-prompt';
import type * as standard from './standard-prompts';

/**
 * The prompt that the function's environment serves, proven to be the one that was signed, with its variables filled.
 *
 * Read once a minute, within the invocation that asks. While the registry is away it is served for five minutes after it was read; then
 * comes an EnvelopeError. Send it within `prompt.run(() => …)`: the log of each call then says which words were sent.
 *
 * @throws EnvelopeError INTERNAL_ERROR when what the registry has is not what was signed, was revoked or was never promoted;
 *   MODEL_UNAVAILABLE when the registry cannot be read; CONTEXT_TOO_LARGE when a value is longer than its variable may be
 * @throws Error when the function has no such prompt; when a value is missing, unknown or no text
 */
export async function getPrompt(id: string, options: PromptOptions = {}): Promise<Prompt> {
  return (reader ??= requireReader())(id, options);
}

let reader: typeof standard.standardPrompt | undefined;

function requireReader(): typeof standard.standardPrompt {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- functions without prompts must not load what reads them
  return (require('./standard-prompts') as typeof standard).standardPrompt;
}
