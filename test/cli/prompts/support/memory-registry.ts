import { createHash, generateKeyPairSync, privateEncrypt } from 'crypto';
import { isDeepStrictEqual } from 'util';
import type { DeploymentWrite, Members, RegistryPort } from '../../../../cli/aws/registry-port';
import type { TableKey } from '../../../../src/contract/prompts/registry-keys';
import { itemOf, membersOf } from '../../../../src/contract/prompts/table-items';

export interface SentEvent { readonly detailType: string; readonly detail: string }

const KEYS = generateKeyPairSync('rsa', { modulusLength: 3072 });
/** What comes before a digest in a signature by PKCS #1. */
const DIGEST_INFO = {
  sha256: Buffer.from('3031300d060960864801650304020105000420', 'hex'),
  sha384: Buffer.from('3041300d060960864801650304020205000430', 'hex'),
};

/** A registry in memory that keeps the promises of S3 and DynamoDB which the registry relies on. */
export class MemoryRegistry implements RegistryPort {
  public readonly objects = new Map<string, { readonly bytes: Uint8Array; readonly versionId: string }>();
  private readonly noncurrent = new Map<string, Uint8Array>();
  public readonly table = new Map<string, Members & TableKey>();
  public readonly events: SentEvent[] = [];
  public who = 'arn:aws:iam::000000000000:user/ada';

  public async tryObject(key: string, versionId?: string) {
    const latest = this.objects.get(key);
    if (versionId === undefined || latest?.versionId === versionId) return latest;
    const bytes = this.noncurrent.get(`${key}?${versionId}`);
    return bytes && { bytes, versionId };
  }

  /** What somebody does who may write: the version below stays, as S3 keeps it. Undefined deletes. */
  public overwrite(key: string, text: string | undefined): void {
    const before = this.objects.get(key);
    if (before) this.noncurrent.set(`${key}?${before.versionId}`, before.bytes);
    if (text === undefined) this.objects.delete(key);
    else this.objects.set(key, { bytes: Buffer.from(text), versionId: `w${this.noncurrent.size}` });
  }

  public async putObjectOnce(key: string, text: string) {
    if (this.objects.has(key)) return undefined;
    const versionId = `v${this.objects.size}`;
    this.objects.set(key, { bytes: Buffer.from(text), versionId });
    return versionId;
  }

  public async keys(prefix: string, what: 'keys' | 'folders') {
    const keys = [...this.objects.keys()].filter(key => key.startsWith(prefix));
    const folderOf = (key: string) => key.slice(0, key.indexOf('/', prefix.length) + 1);
    return [...new Set(what === 'folders' ? keys.map(folderOf).filter(folder => folder !== '') : keys)].sort();
  }

  public async tryItem(key: TableKey) {
    const item = this.table.get(nameOf(key));
    if (!item) return undefined;
    const { pk: _pk, sk: _sk, ...members } = item;
    return members;
  }

  public async items(pk: string, prefix: string, last = Infinity) {
    const found = [...this.table.values()].filter(item => item.pk === pk && item.sk.startsWith(prefix))
      .sort((one, two) => (one.sk < two.sk ? -1 : 1));
    return found.slice(-last);
  }

  public async putItem(key: TableKey, members: Members) { this.table.set(nameOf(key), { ...membersOf(itemOf(members)), ...key }); }

  public async putItemOnce(key: TableKey, members: Members) {
    if (this.table.has(nameOf(key))) return false;
    await this.putItem(key, members);
    return true;
  }

  public async replaceApprovals(key: TableKey, before: unknown, approvals: readonly object[]) {
    const record = this.table.get(nameOf(key));
    if (!record || !isDeepStrictEqual(record.approvals, before)) return false;
    this.table.set(nameOf(key), { ...record, ...membersOf(itemOf({ approvals })) });
    return true;
  }

  public async deploy({ expected, current, event, records, environment }: DeploymentWrite) {
    if ((this.table.get(nameOf(current.key))?.sequence ?? 0) !== expected) return false;
    if (records.some(({ key }) => !this.table.has(nameOf(key)))) throw new Error('a record is missing');
    for (const { key, isDeployed, revoked } of records) {
      const record = this.table.get(nameOf(key))!;
      const others = (record.deployed_envs as string[] | undefined ?? []).filter(one => one !== environment);
      const deployed_envs = isDeployed ? [...others, environment].sort() : others;
      this.table.set(nameOf(key), { ...record, deployed_envs, ...revoked && { revoked: record.revoked ?? revoked } });
    }
    await this.putItem(current.key, current.members);
    await this.putItem(event.key, event.members);
    return true;
  }

  public async markPublished(key: TableKey, receipt?: string) {
    this.table.set(nameOf(key), { ...this.table.get(nameOf(key))!, published: true, ...receipt !== undefined && { receipt } });
  }

  public async sign(digest: Uint8Array) { return signDigest(digest, 'sha256'); }

  public async signReceipt(digest: Uint8Array) { return signDigest(digest, 'sha384'); }

  public async publicKey() { return KEYS.publicKey.export({ format: 'der', type: 'spki' }); }

  public async putEvent({ detailType, detail }: SentEvent) { this.events.push({ detailType, detail }); }

  public async caller() { return this.who; }

  public destroy(): void { /* holds no connection */ }

  public async countTokens({ messages }: Parameters<RegistryPort['countTokens']>[0]) {
    return messages.reduce((sum, { text }) => sum + text.length, 0);
  }
}

export class Crash extends Error {}

/** The same port, which fails at one of its requests: before it is made, or after it, when its answer is lost. */
export function crashingAt(
  port: RegistryPort, at: number, when: 'before' | 'after',
): { readonly port: RegistryPort; readonly calls: () => number } {
  let calls = 0;
  const crashing = new Proxy(port, {
    get: (target, name) => async (...args: unknown[]) => {
      const isHere = ++calls === at;
      if (isHere && when === 'before') throw new Crash();
      const answer = await (target as unknown as Record<string | symbol, (...given: unknown[]) => Promise<unknown>>)[name](...args);
      if (isHere) throw new Crash();
      return answer;
    },
  });
  return { port: crashing, calls: () => calls };
}

function signDigest(digest: Uint8Array, hash: keyof typeof DIGEST_INFO): string {
  return privateEncrypt(KEYS.privateKey, Buffer.concat([DIGEST_INFO[hash], digest])).toString('base64');
}

function nameOf({ pk, sk }: TableKey): string {
  return createHash('sha1').update(JSON.stringify([pk, sk])).digest('hex');
}
