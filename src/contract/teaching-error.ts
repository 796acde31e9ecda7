/** What an error tells besides where it happened. */
export interface TeachingErrorOptions {
  /** What is wrong, as a sentence without its full stop. */
  readonly problem: string;
  /** The value that was given. */
  readonly given: unknown;
  /** What is allowed. */
  readonly allowed: string;
  /** One way to mend it. */
  readonly fix: string;
}

/** The text of an error that names where it happened, what was given, what is allowed, and one way to mend it. */
export function teachingText(where: string, { problem, given, allowed, fix }: TeachingErrorOptions, show = shown): string {
  return [
    `[${where}] ${problem}.`,
    `  given:   ${show(given)}`,
    `  allowed: ${allowed}`,
    `  fix:     ${fix}`,
  ].join('\n');
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value) ?? String(value);
}
