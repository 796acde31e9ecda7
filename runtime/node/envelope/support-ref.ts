import type * as nodeCrypto from 'node:crypto';

/** Consonants: no reference spells a word, and none holds digits that look like an account id. */
const ALPHABET = 'bcdfghjkmnpqrstvwxyz';
const LENGTH = 16;
const LARGEST_FAIR_BYTE = Math.floor(256 / ALPHABET.length) * ALPHABET.length;

/** What a user reads to support: 16 letters, 69 bits, found only in the answer and in the log. */
export function newSupportRef(): string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it with the function, and it takes milliseconds
  const { randomBytes } = require('node:crypto') as typeof nodeCrypto;
  let reference = '';
  while (reference.length < LENGTH) {
    for (const byte of randomBytes(2 * LENGTH)) {
      if (byte < LARGEST_FAIR_BYTE && reference.length < LENGTH) reference += ALPHABET[byte % ALPHABET.length];
    }
  }
  return reference;
}
