import { Cryptography, isSigned } from './cryptography';
import { compiledText, templateText } from './hashed-text';
import { approvalKey, gatesKey, TableKey, VersionName, versionObject } from './registry-keys';
import { Approval, Gates, PublishedVersion } from './statements';

/** An item of the table; its keys are there when it was not asked for by them. */
export type StatementItem = Readonly<Record<string, unknown>> & Partial<TableKey>;

/** What a document is: the version that the registry's key signed as this one, or why it is not. */
export interface JudgedDocument {
  readonly document?: PublishedVersion;
  /** As a sentence without its full stop. */
  readonly fault?: string;
  /** Of what the document says, whoever wrote it. */
  readonly templateHash?: string;
}

/** Looks at a document: whether it is of this version, signed, and says what its hashes say. */
export function judgedDocument(
  bytes: Uint8Array, name: VersionName, cryptography: Cryptography, key = versionObject(name),
): JudgedDocument {
  const document = tryParse(bytes);
  if (document?.kind !== 'version' || document.id !== name.id || document.version !== name.version) {
    return { fault: `${key} is not ${name.id} ${name.version}` };
  }
  const hashes = tryHashes(document, cryptography);
  const templateHash = hashes?.template;
  if (!isSigned(document as unknown as StatementItem, cryptography)) {
    return { fault: `${key} is not signed by the registry's key`, templateHash };
  }
  if (hashes?.template === document.template_hash && hashes.compiled === document.compiled_hash) return { document, templateHash };
  return { fault: `${key} has another content than its hashes say`, templateHash };
}

/** A genuine one of another version, another role or another person, put where it does not belong, is none. */
export function isApprovalOf(item: StatementItem, name: VersionName, cryptography: Cryptography): boolean {
  const { kind, prompt_id, version, role, reviewer } = item as Partial<Approval>;
  const key = approvalKey({ ...name, role: String(role), reviewer: String(reviewer) });
  return kind === 'approval' && prompt_id === name.id && version === name.version && isAt(item, key) && isSigned(item, cryptography);
}

export function isGatesOf(item: StatementItem, name: VersionName, cryptography: Cryptography): boolean {
  const { kind, prompt_id, version } = item as Partial<Gates>;
  const isHere = kind === 'gates' && prompt_id === name.id && version === name.version && isAt(item, gatesKey(name));
  return isHere && isSigned(item, cryptography);
}

function isAt({ pk, sk }: StatementItem, key: TableKey): boolean {
  return (pk ?? key.pk) === key.pk && (sk ?? key.sk) === key.sk;
}

function tryParse(bytes: Uint8Array): PublishedVersion | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as PublishedVersion | null ?? undefined;
  } catch {
    return undefined;
  }
}

function tryHashes(document: PublishedVersion, { sha256 }: Cryptography): { template: string; compiled: string } | undefined {
  try {
    return { template: sha256(templateText(document)), compiled: sha256(compiledText(document, document.variables)) };
  } catch {
    return undefined;
  }
}
