import type * as redactionRules from './redaction-rules';

let loaded: typeof redactionRules | undefined;

/** The text with every secret in it blacked out. */
export function redactText(text: string): string {
  return rules().redactText(text);
}

/** The beginning of a text without its secrets. */
export function redactStart(text: string, length: number): string {
  return rules().redactStart(text, length);
}

/** A copy in which secrets are blacked out, by the name of their field and by their form; what JSON has no word for is put into words. */
export function redacted(value: unknown): unknown {
  return rules().redacted(value);
}

/** Loaded with the first text that leaves: its words and patterns are a fifth of what a start would load, and most starts tell nothing. */
function rules(): typeof redactionRules {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it with the function
  loaded ??= require('./redaction-rules') as typeof redactionRules;
  return loaded;
}
