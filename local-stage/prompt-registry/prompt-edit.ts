/** A sentence of the chat's prompt, as it was approved and as somebody would rather have it. */
export const APPROVED_WORDS = 'at most three sentences';
export const EDITED_WORDS = 'at most thirty sentences';

/** Edits the prompt in the chat's code. */
export function editPrompt(code: string): string {
  if (!code.includes(APPROVED_WORDS)) throw new Error(`The chat's prompt no longer says "${APPROVED_WORDS}"; name other words to edit.`);
  return code.replace(APPROVED_WORDS, EDITED_WORDS);
}
