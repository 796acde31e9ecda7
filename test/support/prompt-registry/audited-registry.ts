import { MemoryRegistry } from '../../cli/prompts/support/memory-registry';
import { failure, type FakeCall, type FakeOperation, reply } from '../fake-api';
import { KEY_ARN } from './signed-prompts';
import { itemOf, type TableItem } from '../../../src/contract/prompts/table-items';

/** A version of an object; the latest of a key comes first. */
export interface StoredObject {
  readonly key: string;
  readonly versionId: string;
  readonly bytes: Uint8Array;
  readonly isDeleteMarker?: boolean;
}

type Stored = Record<string, any>;

const ITEMS_A_PAGE = 4;
const OBJECTS_A_PAGE = 5;

/** What real commands have written into a registry, over the APIs of DynamoDB, S3, KMS and EventBridge, a few entries a page. */
export class AuditedRegistry {
  public static async of(memory: MemoryRegistry): Promise<AuditedRegistry> {
    const objects = [...memory.objects].map(([key, object]) => ({ key, ...object }));
    return new AuditedRegistry(structuredClone([...memory.table.values()]), objects, memory, Buffer.from(await memory.publicKey()));
  }

  private constructor(
    public items: Stored[], public objects: StoredObject[], private readonly memory: MemoryRegistry, private readonly publicKey: Buffer,
  ) {}

  public item(pk: string, sk: string): Stored {
    const found = this.items.find(item => item.pk === pk && item.sk === sk);
    if (!found) throw new Error(`${pk} ${sk} is not there`);
    return found;
  }

  public remove(pk: string, sk: string): void {
    this.items = this.items.filter(item => item !== this.item(pk, sk));
  }

  public bytes(key: string): Uint8Array {
    return this.objects.find(object => object.key === key)!.bytes;
  }

  /** As S3 does it: the version before stays. */
  public put(key: string, text: string | Uint8Array): void {
    this.objects.unshift({ key, versionId: `new-${this.objects.length}`, bytes: Buffer.from(text) });
  }

  public hide(key: string): void {
    this.objects.unshift({ key, versionId: `marker-${this.objects.length}`, bytes: Buffer.alloc(0), isDeleteMarker: true });
  }

  /** As nobody can, Object Lock being there: what the audit sees all the same. */
  public replace(key: string, change: (document: Stored) => void): void {
    this.objects = this.objects.map(object => {
      if (object.key !== key) return object;
      const document = JSON.parse(Buffer.from(object.bytes).toString()) as Stored;
      change(document);
      return { ...object, bytes: Buffer.from(JSON.stringify(document)) };
    });
  }

  public operations(): Record<string, FakeOperation> {
    return {
      'GetPublicKey': () => ({
        KeyId: KEY_ARN,
        KeyUsage: 'SIGN_VERIFY',
        SigningAlgorithms: ['RSASSA_PKCS1_V1_5_SHA_256'],
        PublicKey: this.publicKey.toString('base64'),
      }),
      'Scan': input => this.page(this.items, input),
      'Query': input => this.page(this.items.filter(({ pk }) => pk === input.ExpressionAttributeValues[':pk'].S), input),
      'Sign': async ({ Message, SigningAlgorithm: algorithm }) =>
        ({ Signature: await this.signature(Buffer.from(Message, 'base64'), algorithm) }),
      'UpdateItem': ({ Key, ExpressionAttributeValues: values }) => {
        Object.assign(this.item(Key.pk.S, Key.sk.S), { published: values[':published'].BOOL, receipt: values[':receipt'].S });
        return {};
      },
      'PutEvents': ({ Entries }) => ({ FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: 'e' })) }),
      'Publish': () => reply({
        headers: { 'content-type': 'text/xml' },
        body: '<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>',
      }),
      '*': (_input, call) => this.bucket(call),
    };
  }

  private signature(digest: Uint8Array, algorithm: string): Promise<string> {
    return algorithm === 'RSASSA_PKCS1_V1_5_SHA_384' ? this.memory.signReceipt(digest) : this.memory.sign(digest);
  }

  private page(all: readonly Stored[], input: any): unknown {
    if (input.ConsistentRead !== true) return failure('ValidationException', 400, 'an old answer would look like a deployment put back');
    const start = Number(input.ExclusiveStartKey?.pk.S ?? 0);
    const end = start + ITEMS_A_PAGE;
    return { Items: all.slice(start, end).map(written), ...end < all.length && { LastEvaluatedKey: { pk: { S: String(end) } } } };
  }

  private bucket({ operation, query }: FakeCall): unknown {
    const key = /^GET \/prompts\/(.+)$/.exec(operation)?.[1];
    return key === undefined ? this.listed(query) : this.object(decodeURIComponent(key), query.get('versionId'));
  }

  private object(key: string, versionId: string | null): unknown {
    const found = this.objects.find(object => object.key === key && object.versionId === versionId);
    if (!found || found.isDeleteMarker) return xml('<Error><Code>NoSuchVersion</Code><Message>told by the fake</Message></Error>', 404);
    return reply({ headers: { 'content-type': 'application/json' }, body: Buffer.from(found.bytes).toString() });
  }

  private listed(query: URLSearchParams): unknown {
    const all = this.objects.filter(({ key }) => key.startsWith(query.get('prefix') ?? ''));
    const start = Number(query.get('key-marker') ?? 0);
    const end = start + OBJECTS_A_PAGE;
    const entries = all.slice(start, end).map(({ key, versionId, bytes, isDeleteMarker }) => {
      const name = isDeleteMarker ? 'DeleteMarker' : 'Version';
      const isLatest = this.objects.find(object => object.key === key)!.versionId === versionId;
      return `<${name}><Key>${key}</Key><VersionId>${versionId}</VersionId><IsLatest>${isLatest}</IsLatest>`
        + `<Size>${bytes.length}</Size></${name}>`;
    });
    const more = end < all.length
      ? `<IsTruncated>true</IsTruncated><NextKeyMarker>${end}</NextKeyMarker><NextVersionIdMarker>v</NextVersionIdMarker>`
      : '<IsTruncated>false</IsTruncated>';
    return xml(`<ListVersionsResult>${entries.join('')}${more}</ListVersionsResult>`);
  }
}

function xml(body: string, status = 200): unknown {
  return reply({ status, headers: { 'content-type': 'application/xml' }, body });
}

/** The one set that a command writes. */
function written({ deployed_envs, ...members }: Stored): TableItem {
  const environments = deployed_envs as string[] | undefined ?? [];
  return { ...itemOf(members), ...environments.length > 0 && { deployed_envs: { SS: environments } } };
}
