import { canonicalJson } from './canonical-json';
import { Cryptography } from './cryptography';
import { Placed } from './registry-keys';

/** The event of a deployment. */
export interface EventName extends Placed {
  readonly sequence: number;
}

/**
 * What whoever told an event signs: which event it is, and nothing that can be written otherwise in its item.
 * It holds nothing that a service trusts, and its signature is by another algorithm than theirs.
 */
export function receiptText({ environment, id, sequence }: EventName): string {
  return canonicalJson({ kind: 'receipt', environment, prompt_id: id, sequence });
}

/**
 * Whether an event was told: its mark carries a receipt that only those who tell events can sign. Who writes the mark by hand
 * silences nobody. In a sandbox, where nothing is signed, the mark alone counts.
 */
export function isTold(item: Readonly<Record<string, unknown>>, name: EventName, { isSigned }: Cryptography): boolean {
  const { published, receipt } = item;
  if (published !== true) return false;
  if (isSigned === undefined) return true;
  return typeof receipt === 'string' && isReceipt(receiptText(name), receipt, isSigned);
}

function isReceipt(text: string, signature: string, isSigned: NonNullable<Cryptography['isSigned']>): boolean {
  try {
    return isSigned(text, signature, 'receipt');
  } catch {
    // A text that is no base64.
    return false;
  }
}
