import { createHash, createPublicKey, KeyObject, verify } from 'crypto';
import { PROMPT_REGISTRY } from '../../../src/contract/data';
import { JsonValue } from '../../../src/contract/prompts/canonical-json';
import { Cryptography } from '../../../src/contract/prompts/cryptography';
import { signedText } from '../../../src/contract/prompts/signed-text';
import { EventName, receiptText } from '../../../src/contract/prompts/told-events';
import type { RegistryPort } from '../../aws/registry-port';

const { hashAlgorithm, signing: { receipt } } = PROMPT_REGISTRY;

type Statement = Readonly<Record<string, JsonValue | undefined>>;

/** Signs statements, and tells whether they are signed. A sandbox signs nothing. */
export class Seal {
  private key?: Promise<KeyObject>;

  constructor(private readonly port: Pick<RegistryPort, 'sign' | 'signReceipt' | 'publicKey'>, private readonly isSandbox: boolean) {}

  public async sign<T extends object>(statement: T): Promise<T> {
    if (this.isSandbox) return statement;
    const digest = createHash('sha256').update(signedText(statement as unknown as Statement)).digest();
    return { ...statement, signature: await this.port.sign(digest) };
  }

  /** Signs that an event was told; undefined in a sandbox. */
  public async receipt(event: EventName): Promise<string | undefined> {
    if (this.isSandbox) return undefined;
    return this.port.signReceipt(createHash(receipt.hash).update(receiptText(event)).digest());
  }

  public async cryptography(): Promise<Cryptography> {
    if (this.isSandbox) return { sha256 };
    this.key ??= this.port.publicKey().then(der => createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' }));
    const key = await this.key;
    return {
      sha256,
      isSigned: (text, signature, purpose) =>
        verify(purpose === 'receipt' ? receipt.hash : hashAlgorithm, Buffer.from(text), key, Buffer.from(signature, 'base64')),
    };
  }
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
