import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type AttributeValue, DynamoDBClient, paginateQuery, paginateScan, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { GetObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import type { AuditInput } from './audit-input';
import { requireCryptography } from './signing-key';
import { PROMPT_REGISTRY } from '../../../src/contract/data';
import { canonicalJson } from '../../../src/contract/prompts/canonical-json';
import type { Cryptography } from '../../../src/contract/prompts/cryptography';
import type { WaitingEvent } from '../../../src/contract/prompts/deployment-event';
import type { ObjectVersion } from '../../../src/contract/prompts/judged-objects';
import type { TableKey } from '../../../src/contract/prompts/registry-keys';
import { itemOf, membersOf, type TableItem } from '../../../src/contract/prompts/table-items';
import { type EventName, receiptText } from '../../../src/contract/prompts/told-events';
import { unconflicted } from '../../../src/contract/prompts/write-conflicts';
import { CALL_OPTIONS } from '../sdk/call-options';

const { table: { partitionKey: PK, sortKey: SK }, events: { source: SOURCE }, signing: { receipt: RECEIPTS } } = PROMPT_REGISTRY;
const [PUBLISHED, RECEIPT] = PROMPT_REGISTRY.driftAudit.writableAttributes;
const NOT_THERE = ['NoSuchKey', 'NoSuchVersion', 'NotFound', 'MethodNotAllowed'];

/** The members of an item with its keys; of an item with attributes that no command writes, the keys alone. */
export type Item = Readonly<Record<string, unknown>> & TableKey;

/** What the audit asks of AWS. A request that is denied, or throttled for too long, is an error: it never looks like an empty answer. */
export class RegistryStore {
  private readonly options = {
    ...CALL_OPTIONS,
    // Of a body that stops coming nothing else tells.
    requestHandler: { ...CALL_OPTIONS.requestHandler, socketTimeout: CALL_OPTIONS.requestHandler.requestTimeout },
  };
  private readonly table = new DynamoDBClient(this.options);
  private readonly keys = new KMSClient(this.options);
  private readonly events = new EventBridgeClient(this.options);
  // What is read is compared with a signed SHA-256: a check of the SDK's own would say less.
  private readonly bucket = new S3Client({ ...this.options, responseChecksumValidation: 'WHEN_REQUIRED' });

  public constructor(private readonly at: Pick<AuditInput, 'bucket' | 'table' | 'signingKey' | 'eventBus'>) {}

  public async cryptography(): Promise<Cryptography> {
    return requireCryptography(await this.keys.send(new GetPublicKeyCommand({ KeyId: this.at.signingKey })), this.at.signingKey);
  }

  /** All items of the table, page by page: prompts are long, and all of them do not fit into the memory. */
  public async* everyItem(): AsyncGenerator<Item> {
    for await (const { Items = [] } of paginateScan({ client: this.table }, { TableName: this.at.table, ConsistentRead: true })) {
      for (const item of Items) yield readable(item as TableItem);
    }
  }

  public async* itemsOf(partition: string): AsyncGenerator<Item> {
    const pages = paginateQuery({ client: this.table }, {
      TableName: this.at.table,
      ConsistentRead: true,
      KeyConditionExpression: '#pk = :pk',
      ExpressionAttributeNames: { '#pk': PK },
      ExpressionAttributeValues: itemOf({ ':pk': partition }) as Record<string, AttributeValue>,
    });
    for await (const { Items = [] } of pages) for (const item of Items) yield readable(item as TableItem);
  }

  /** All versions of all objects whose keys begin so, delete markers too. The SDK has no paginator for them. */
  public async versions(prefix: string): Promise<ObjectVersion[]> {
    const found: ObjectVersion[] = [];
    let from: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
    while (from) {
      const page = await this.bucket.send(new ListObjectVersionsCommand({ Bucket: this.at.bucket, Prefix: prefix, ...from }));
      const { Versions = [], DeleteMarkers = [], IsTruncated, NextKeyMarker, NextVersionIdMarker } = page as PageOfVersions;
      for (const [versions, isDeleteMarker] of [[Versions, false], [DeleteMarkers, true]] as const) {
        found.push(...versions.map(({ Key = '', VersionId = '', IsLatest = false, Size = 0 }) =>
          ({ key: Key, versionId: VersionId, isLatest: IsLatest, isDeleteMarker, bytes: Size })));
      }
      from = IsTruncated ? { KeyMarker: NextKeyMarker, VersionIdMarker: NextVersionIdMarker } : undefined;
    }
    return found;
  }

  /** Undefined when there is none. */
  public async object(key: string, versionId: string): Promise<Uint8Array | undefined> {
    try {
      const { Body } = await this.bucket.send(new GetObjectCommand({ Bucket: this.at.bucket, Key: key, VersionId: versionId }));
      return await Body?.transformToByteArray() ?? new Uint8Array();
    } catch (error) {
      if (NOT_THERE.includes((error as Error).name)) return undefined;
      throw error;
    }
  }

  public async publish({ detail_type, detail }: WaitingEvent): Promise<void> {
    const { FailedEntryCount = 0, Entries = [] } = await this.events.send(new PutEventsCommand({
      Entries: [{ Source: SOURCE, EventBusName: this.at.eventBus, DetailType: detail_type, Detail: canonicalJson(detail) }],
    }));
    if (FailedEntryCount > 0) throw Object.assign(new Error('EventBridge did not take the event'), { name: Entries[0]?.ErrorCode });
  }

  /** Only of an item that is there: an update makes one otherwise. Its receipt says that who may tell events told this one. */
  public async markPublished({ pk, sk }: TableKey, name: EventName): Promise<void> {
    const receipt = await this.receiptOf(name);
    // A command may finish the same deployment at the same moment.
    await unconflicted(() => this.table.send(new UpdateItemCommand({
      TableName: this.at.table,
      Key: itemOf({ [PK]: pk, [SK]: sk }) as Record<string, AttributeValue>,
      UpdateExpression: 'SET #published = :published, #receipt = :receipt',
      ConditionExpression: 'attribute_exists(#pk)',
      ExpressionAttributeNames: { '#published': PUBLISHED, '#receipt': RECEIPT, '#pk': PK },
      ExpressionAttributeValues: itemOf({ ':published': true, ':receipt': receipt }) as Record<string, AttributeValue>,
    })), pause);
  }

  private async receiptOf(name: EventName): Promise<string> {
    const { algorithm, hash } = RECEIPTS;
    const digest = createHash(hash).update(receiptText(name)).digest();
    const { Signature } = await this.keys.send(new SignCommand({
      KeyId: this.at.signingKey, Message: digest, MessageType: 'DIGEST', SigningAlgorithm: algorithm,
    }));
    return Buffer.from(Signature!).toString('base64');
  }
}

interface PageOfVersions {
  readonly Versions?: readonly ListedVersion[];
  readonly DeleteMarkers?: readonly ListedVersion[];
  readonly IsTruncated?: boolean;
  readonly NextKeyMarker?: string;
  readonly NextVersionIdMarker?: string;
}

interface ListedVersion {
  readonly Key?: string;
  readonly VersionId?: string;
  readonly IsLatest?: boolean;
  readonly Size?: number;
}

function readable(item: TableItem): Item {
  const keys = membersOf({ [PK]: item[PK], [SK]: item[SK] }) as unknown as TableKey;
  try {
    return { ...membersOf(item), ...keys };
  } catch {
    return keys as Item;
  }
}
