import { createHash, createPublicKey, type KeyObject, verify } from 'crypto';
import type { GetPublicKeyCommandOutput } from '@aws-sdk/client-kms';
import { PROMPT_REGISTRY } from '../../../src/contract/data';
import type { Cryptography } from '../../../src/contract/prompts/cryptography';

const { hashAlgorithm: HASH, signing: { algorithm: ALGORITHM, receipt: RECEIPTS }, read: { minKeyBits: MIN_KEY_BITS } } = PROMPT_REGISTRY;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Verifies by what KMS says of the registry's key. Errors: it is another key, or none that a registry signs with. */
export function requireCryptography(answer: Partial<GetPublicKeyCommandOutput>, asked: string): Cryptography {
  const { KeyId: id, KeyUsage: usage, SigningAlgorithms: algorithms = [], PublicKey: der } = answer;
  if (asked.includes(':key/') && id !== asked) throw new Error(`KMS gave the key ${id}, not ${asked}.`);
  if (usage !== 'SIGN_VERIFY' || !algorithms.includes(ALGORITHM)) throw new Error(`The key ${asked} does not sign with ${ALGORITHM}.`);
  const key = createPublicKey({ key: Buffer.from(der ?? []), format: 'der', type: 'spki' });
  requireStrong(key, asked);
  return {
    sha256,
    isSigned: (text, signature, purpose) => BASE64.test(signature)
      && verify(purpose === 'receipt' ? RECEIPTS.hash : HASH, Buffer.from(text), key, Buffer.from(signature, 'base64')),
  };
}

function requireStrong({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject, asked: string): void {
  const bits = details?.modulusLength ?? 0;
  if (type === 'rsa' && bits >= MIN_KEY_BITS) return;
  throw new Error(`The key ${asked} is ${type} of ${bits} bits. It has to be RSA of at least ${MIN_KEY_BITS}.`);
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
