import { DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import type { Store } from './registry-model';
import type { Item, Snapshot } from './snapshot';
import { AwsRegistry } from '../../../../../cli/aws/prompt-registry';
import type { RegistryLocation } from '../../../../../cli/aws/registry-port';
import {
  deployedPartition, deploymentPrefix, environmentPrefix, promptPartition, versionObject,
} from '../../../../../src/contract/prompts/registry-keys';
import { membersOf, TableItem } from '../../../../../src/contract/prompts/table-items';

/** The registry's own bucket and table, read by other requests than the registry makes. */
export class AwsStore implements Store {
  public readonly port: AwsRegistry;
  private readonly s3: S3Client;
  private readonly dynamoDb: DynamoDBClient;
  /** What versions of objects say, which never changes. */
  private readonly texts = new Map<string, string>();

  constructor(private readonly at: RegistryLocation) {
    // No request is asked twice but by a mishap: an error of the store is one.
    this.port = new AwsRegistry(at, { attempts: 1 }, (_service, _operation, _region, ask) => ask());
    this.s3 = new S3Client({ region: at.region, forcePathStyle: true });
    this.dynamoDb = new DynamoDBClient({ region: at.region });
  }

  public async snapshot(id: string, environments: readonly string[]): Promise<Snapshot> {
    const placed = environments.map(environment => ({ environment, id }));
    const versions = versionObject({ id, version: '' }).replace(/[^/]*$/, '');
    const prefixes = [versions, ...placed.flatMap(one => [environmentPrefix(one), deploymentPrefix(one)])];
    const partitions = [promptPartition(id), ...placed.map(deployedPartition)];
    const [objects, items] = await Promise.all([
      Promise.all(prefixes.map(prefix => this.objects(prefix))), Promise.all(partitions.map(partition => this.items(partition))),
    ]);
    return { objects: new Map(objects.flat()), items: items.flat() };
  }

  public destroy(): void {
    for (const client of [this.port, this.s3, this.dynamoDb]) client.destroy();
  }

  private async objects(prefix: string): Promise<[string, { text: string; versions: number }][]> {
    const versions = new Map<string, number>();
    const latest = new Map<string, string>();
    const page = await this.s3.send(new ListObjectVersionsCommand({ Bucket: this.at.bucket, Prefix: prefix }));
    if (page.IsTruncated) throw new Error(`More objects begin with ${prefix} than a history should make.`);
    for (const { Key, VersionId, IsLatest } of [...page.Versions ?? [], ...page.DeleteMarkers ?? []]) {
      versions.set(Key!, (versions.get(Key!) ?? 0) + 1);
      if (IsLatest) latest.set(Key!, VersionId!);
    }
    return Promise.all([...latest].map(async ([key, versionId]): Promise<[string, { text: string; versions: number }]> =>
      [key, { text: await this.text(key, versionId), versions: versions.get(key)! }]));
  }

  private async text(key: string, versionId: string): Promise<string> {
    const name = `${key}?${versionId}`;
    const known = this.texts.get(name);
    if (known !== undefined) return known;
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.at.bucket, Key: key, VersionId: versionId }));
    const text = await Body!.transformToString();
    this.texts.set(name, text);
    return text;
  }

  private async items(partition: string): Promise<Item[]> {
    const found: Item[] = [];
    const pages = paginateQuery({ client: this.dynamoDb }, {
      TableName: this.at.table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: partition } },
    });
    for await (const { Items = [] } of pages) found.push(...Items.map(item => membersOf(item as TableItem) as unknown as Item));
    return found;
  }
}
