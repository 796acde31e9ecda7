import { JsonValue } from './canonical-json';
import { signedText } from './signed-text';

/** What hashing and signatures need of the platform. */
export interface Cryptography {
  /** SHA-256 in hexadecimal digits, of a text's UTF-8 or of bytes. */
  readonly sha256: (content: string | Uint8Array) => string;
  /**
   * Whether this base64 text is a signature over this text by the registry's key, made for this purpose, which is a statement without
   * one; undefined for a sandbox, which signs nothing.
   */
  readonly isSigned?: (text: string, signature: string, purpose?: SignaturePurpose) => boolean;
}

/** A statement is what services trust; a receipt says that an event was told. Each has an algorithm of its own. */
export type SignaturePurpose = 'statement' | 'receipt';

/** Whether a statement carries a signature of the registry's key; always, in a sandbox. */
export function isSigned(statement: Readonly<Record<string, unknown>>, { isSigned: verify }: Cryptography): boolean {
  if (verify === undefined) return true;
  try {
    return typeof statement.signature === 'string' && verify(signedText(statement as Record<string, JsonValue>), statement.signature);
  } catch {
    // What has no canonical form was never signed.
    return false;
  }
}
