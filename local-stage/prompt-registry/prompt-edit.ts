import { FIRST, SECOND } from './registered-prompts';

/** A sentence of the chat's prompt, as it was approved and as somebody would rather have it. */
export const APPROVED_WORDS = 'at most three sentences';
export const EDITED_WORDS = 'at most thirty sentences';
const NEXT_WORDS = `${APPROVED_WORDS}, and name a title first`;

/** The prompt with other words, under the same version. */
export function editPrompt(text: string): string {
  return replaced(text, APPROVED_WORDS, EDITED_WORDS);
}

/** The prompt as its next version, as a team would write it. */
export function nextPrompt(text: string): string {
  return replaced(replaced(text, `version: ${FIRST}`, `version: ${SECOND}`), APPROVED_WORDS, NEXT_WORDS);
}

function replaced(text: string, words: string, others: string): string {
  if (!text.includes(words)) throw new Error(`The chat's prompt no longer says "${words}"; name other words to edit.`);
  return text.replace(words, others);
}
