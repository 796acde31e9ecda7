import { PromptContent } from '../../src/contract/prompts/prompt-content';
import { TableKey } from '../../src/contract/prompts/registry-keys';

/** Where a registry is, as the construct writes it into a parameter of SSM. */
export interface RegistryLocation {
  readonly bucket: string;
  readonly table: string;
  /** The ARN of the key that signs. */
  readonly signingKey: string;
  readonly eventBus: string;
  /** In the order of promotion; the last is production. */
  readonly environments: readonly string[];
  readonly region: string;
  readonly sandbox?: { readonly bucket: string; readonly table: string };
  /** Of content policies, beside those of the contract. */
  readonly policyPhrases?: readonly string[];
}

/** The members of an item, without its keys. */
export type Members = Readonly<Record<string, unknown>>;

/** A version's record as a deployment changes it. */
export interface RecordChange {
  readonly key: TableKey;
  /** Whether the version is in service there from now on. */
  readonly isDeployed: boolean;
  /** Written when the record does not say so yet: the first time stands. */
  readonly revoked?: Members;
}

/** What one transaction writes. */
export interface DeploymentWrite {
  readonly environment: string;
  /** The sequence that the table has to have; 0 for none. */
  readonly expected: number;
  readonly current: { readonly key: TableKey; readonly members: Members };
  readonly event: { readonly key: TableKey; readonly members: Members };
  readonly records: readonly RecordChange[];
  /** The same for the same transaction, whoever makes it. */
  readonly token: string;
}

/** What a model is asked to count. */
export type CountQuestion = Pick<PromptContent, 'model' | 'messages' | 'tools'>;

/** Each request that the registry makes of AWS: one a method, so that a test can break each. */
export interface RegistryPort {
  tryObject(key: string, versionId?: string): Promise<{ readonly bytes: Uint8Array; readonly versionId: string } | undefined>;
  /** Writes an object that is not there yet: the id of its version, or undefined when there is one. */
  putObjectOnce(key: string, text: string): Promise<string | undefined>;
  /** The keys, or the folders, that begin so, sorted. */
  keys(prefix: string, what: 'keys' | 'folders'): Promise<string[]>;
  tryItem(key: TableKey): Promise<Members | undefined>;
  /** The items of a partition whose sort keys begin so, in their order; with `last` no more than so many, those at the end. */
  items(pk: string, prefix: string, last?: number): Promise<(Members & TableKey)[]>;
  putItem(key: TableKey, members: Members): Promise<void>;
  /** Writes an item that is not there yet: false when there is one. */
  putItemOnce(key: TableKey, members: Members): Promise<boolean>;
  /** Writes the approvals of a record whose approvals are still those that were read: false when they are others. */
  replaceApprovals(key: TableKey, before: unknown, approvals: readonly object[]): Promise<boolean>;
  /** False when the table has another sequence. */
  deploy(write: DeploymentWrite): Promise<boolean>;
  /** Marks an event as told, with the receipt of whoever told it; without one in a sandbox. */
  markPublished(key: TableKey, receipt?: string): Promise<void>;
  /** The signature of a SHA-256, in base64. */
  sign(digest: Uint8Array): Promise<string>;
  /** The signature of the digest of a receipt, in base64: by an algorithm that no service takes. */
  signReceipt(digest: Uint8Array): Promise<string>;
  /** The key's public half, as DER. */
  publicKey(): Promise<Uint8Array>;
  putEvent(event: { readonly source: string; readonly detailType: string; readonly detail: string; readonly bus: string }): Promise<void>;
  /** The ARN of whoever runs the command. */
  caller(): Promise<string>;
  countTokens(question: CountQuestion): Promise<number>;
}
