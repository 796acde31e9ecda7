import { createPublicKey, KeyObject, verify } from 'node:crypto';
import { integrityProblem } from './prompt-problem';
import { PROMPT_REGISTRY } from '../../../src/contract/data';
import { JsonValue } from '../../../src/contract/prompts/canonical-json';
import { signedText } from '../../../src/contract/prompts/signed-text';

const { signing: SIGNING, read: { minKeyBits: MIN_KEY_BITS } } = PROMPT_REGISTRY;

/** With a smaller one less is proven: with 1 nothing. KMS has no other. */
const MIN_EXPONENT = 65_537n;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** What KMS says of a key. */
export interface KmsKey {
  readonly id: string | undefined;
  readonly usage: string | undefined;
  readonly algorithms: readonly string[];
  /** As a DER-encoded SubjectPublicKeyInfo. */
  readonly der: Uint8Array;
}

/** The key that everything a service believes is signed with. */
export class SigningKey {
  /** Errors: it is another key than the one that was asked for, or none that statements may be signed with. */
  public static require({ id, usage, algorithms, der }: KmsKey, asked: string): SigningKey {
    if (asked.includes(':key/') && id !== asked) throw integrityProblem('signing_key', `KMS gave the key ${id}, not ${asked}.`);
    if (usage !== 'SIGN_VERIFY' || !algorithms.includes(SIGNING.algorithm)) {
      throw integrityProblem('signing_key', `The key ${asked} does not sign with ${SIGNING.algorithm}. Let PromptRegistry make it.`);
    }
    return new SigningKey(rsaKey(der, asked));
  }

  private constructor(private readonly key: KeyObject) {}

  /** Whether a statement of the registry carries this key's signature over all that it says. */
  public hasSigned(statement: Readonly<Record<string, JsonValue | undefined>>): boolean {
    const { signature } = statement;
    if (typeof signature !== 'string' || !BASE64.test(signature)) return false;
    return verify('sha256', Buffer.from(signedText(statement)), this.key, Buffer.from(signature, 'base64'));
  }
}

function rsaKey(der: Uint8Array, asked: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
  } catch (error) {
    throw integrityProblem('signing_key', `What KMS gave for ${asked} is no public key.`, error);
  }
  const { modulusLength: bits = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa' && bits >= MIN_KEY_BITS && publicExponent >= MIN_EXPONENT) return key;
  throw integrityProblem('signing_key',
    `The key ${asked} is ${key.asymmetricKeyType} of ${bits} bits. It has to be RSA of at least ${MIN_KEY_BITS}.`);
}
