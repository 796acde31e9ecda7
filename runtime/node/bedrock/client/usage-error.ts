export interface UsageErrorOptions {
  /** What is wrong, as a sentence without its full stop. */
  readonly problem: string;
  readonly given: unknown;
  readonly allowed: string;
  readonly fix: string;
}

/** An error that names where, what was given, what is allowed, and one way to mend it. */
export function usageError(where: string, { problem, given, allowed, fix }: UsageErrorOptions): Error {
  return new Error([
    `[${where}] ${problem}.`,
    `  given:   ${given === undefined ? 'nothing' : JSON.stringify(given)}`,
    `  allowed: ${allowed}`,
    `  fix:     ${fix}`,
  ].join('\n'));
}
