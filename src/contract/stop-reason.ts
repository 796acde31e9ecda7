import { CALL_USAGE } from './data';

const { words: WORDS, reasons: REASONS }: {
  readonly words: Readonly<Record<string, string>>;
  readonly reasons: Readonly<Record<string, { readonly errorCode?: string }>>;
} = CALL_USAGE.stopReason;

/** Converse's word for why an answer ended; one that means nothing there stays as it is. */
export function converseStopReason(reason: string): string {
  return Object.hasOwn(WORDS, reason) ? WORDS[reason] : reason;
}

/** What the standard says of one of Converse's words; undefined for any other. */
export function tryStopReason(word: string): { readonly errorCode?: string } | undefined {
  return Object.hasOwn(REASONS, word) ? REASONS[word] : undefined;
}
