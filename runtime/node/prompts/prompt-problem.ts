/**
 * What kind of fault it is: something is not what was signed; the registry cannot be read now; or there is nothing that may be served.
 * The first and the last are not mended by waiting.
 */
export type ProblemKind = 'integrity' | 'unavailable' | 'refused';

/** Why a prompt cannot be served from the registry. Its words are for the log. */
export class PromptProblem extends Error {
  /**
   * @param reason in one word, for queries
   */
  constructor(public readonly kind: ProblemKind, public readonly reason: string, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'PromptProblem';
  }
}

export function integrityProblem(check: string, message: string, cause?: unknown): PromptProblem {
  return new PromptProblem('integrity', check, message, { cause });
}

/** Whatever went wrong, as a problem: what is no fault of what was read is one of reading it. */
export function problemOf(error: unknown): PromptProblem {
  if (error instanceof PromptProblem) return error;
  const { name, message } = Object(error) as { name?: unknown; message?: unknown };
  const reason = typeof name === 'string' && name !== '' ? name : 'Error';
  return new PromptProblem('unavailable', reason, `The registry could not be read: ${String(message ?? error)}`, { cause: error });
}
