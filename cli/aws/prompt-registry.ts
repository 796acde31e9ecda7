import { BedrockRuntimeClient, CountTokensCommand, CountTokensCommandInput } from '@aws-sdk/client-bedrock-runtime';
import {
  AttributeValue, DynamoDBClient, GetItemCommand, paginateQuery, PutItemCommand, TransactWriteItem,
  TransactWriteItemsCommand, UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetPublicKeyCommand, KMSClient, SignCommand, SigningAlgorithmSpec } from '@aws-sdk/client-kms';
import { GetObjectCommand, paginateListObjectsV2, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { Cancelled, metCondition, unconflicted } from './conflicts';
import type { CountQuestion, DeploymentWrite, Members, RecordChange, RegistryLocation, RegistryPort } from './registry-port';
import { PROMPT_REGISTRY } from '../../src/contract/data';
import { converseInput } from '../../src/contract/prompts/converse-input';
import type { TableKey } from '../../src/contract/prompts/registry-keys';
import { itemOf, membersOf, TableItem } from '../../src/contract/prompts/table-items';

/** Makes one request, and turns its error into one that teaches: this file is bundled apart, with no class of the command in it. */
export type RegistryAsker = <T>(service: string, operation: string, region: string, ask: () => Promise<T>) => Promise<T>;

export interface AwsOptions {
  readonly region?: string;
  readonly profile?: string;
  /** How often a request is tried that AWS throttles. */
  readonly attempts: number;
}

/** The text of a parameter of SSM, and the Region it was asked in. Undefined text: there is none. */
export async function readParameter(name: string, options: AwsOptions, asker: RegistryAsker): Promise<{ text?: string; region: string }> {
  const client = new SSMClient(settingsOf(options));
  try {
    const region = await asker('ssm', 'GetParameter', options.region ?? '', () => client.config.region());
    const text = await asker('ssm', 'GetParameter', region, async () => {
      try {
        return (await client.send(new GetParameterCommand({ Name: name }))).Parameter?.Value;
      } catch (error) {
        if ((error as Error).name === 'ParameterNotFound') return undefined;
        throw error;
      }
    });
    return { text, region };
  } finally {
    client.destroy();
  }
}

const { partitionKey, sortKey } = PROMPT_REGISTRY.table;

/** The registry on AWS. */
export class AwsRegistry implements RegistryPort {
  private readonly s3: S3Client;
  private readonly dynamoDb: DynamoDBClient;
  private readonly kms: KMSClient;
  private readonly eventBridge: EventBridgeClient;
  private readonly sts: STSClient;
  private readonly bedrock: BedrockRuntimeClient;
  private readonly region: string;

  constructor(private readonly at: RegistryLocation, options: AwsOptions, private readonly asker: RegistryAsker) {
    const settings = settingsOf({ ...options, region: at.region });
    this.region = at.region;
    // An emulator answers under one name of a host.
    this.s3 = new S3Client({ ...settings, forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined });
    this.dynamoDb = new DynamoDBClient(settings);
    this.kms = new KMSClient(settings);
    this.eventBridge = new EventBridgeClient(settings);
    this.sts = new STSClient(settings);
    this.bedrock = new BedrockRuntimeClient(settings);
  }

  public destroy(): void {
    for (const client of [this.s3, this.dynamoDb, this.kms, this.eventBridge, this.sts, this.bedrock]) client.destroy();
  }

  public tryObject(key: string, versionId?: string): ReturnType<RegistryPort['tryObject']> {
    return this.ask('s3', 'GetObject', async () => {
      try {
        const { Body, VersionId } = await this.s3.send(new GetObjectCommand({ Bucket: this.at.bucket, Key: key, VersionId: versionId }));
        return { bytes: await Body!.transformToByteArray(), versionId: VersionId ?? 'null' };
      } catch (error) {
        const { name } = error as Error;
        // A record that somebody edited may name a version that is a delete marker, or none that S3 could have given.
        const isNone = /^(NoSuchKey|NoSuchVersion|NotFound)$/.test(name)
          || versionId !== undefined && /^(MethodNotAllowed|InvalidArgument)$/.test(name);
        if (isNone) return undefined;
        throw error;
      }
    });
  }

  public putObjectOnce(key: string, text: string): Promise<string | undefined> {
    return this.ask('s3', 'PutObject', async () => {
      try {
        const { VersionId } = await unconflicted(() => this.s3.send(new PutObjectCommand({
          Bucket: this.at.bucket, Key: key, Body: text, ContentType: 'application/json', IfNoneMatch: '*', ChecksumAlgorithm: 'SHA256',
        })));
        return VersionId ?? 'null';
      } catch (error) {
        const { name, $metadata } = error as Error & { readonly $metadata?: { readonly httpStatusCode?: number } };
        if (name === 'PreconditionFailed' || $metadata?.httpStatusCode === 412) return undefined;
        throw error;
      }
    });
  }

  public keys(prefix: string, what: 'keys' | 'folders'): Promise<string[]> {
    return this.ask('s3', 'ListBucket', async () => {
      const found: string[] = [];
      const input = { Bucket: this.at.bucket, Prefix: prefix, ...what === 'folders' && { Delimiter: '/' } };
      for await (const { Contents = [], CommonPrefixes = [] } of paginateListObjectsV2({ client: this.s3 }, input)) {
        found.push(...what === 'folders' ? CommonPrefixes.map(({ Prefix }) => Prefix!) : Contents.map(({ Key }) => Key!));
      }
      return found.sort();
    });
  }

  public tryItem(key: TableKey): Promise<Members | undefined> {
    return this.ask('dynamodb', 'GetItem', async () => {
      const { Item } = await this.dynamoDb.send(new GetItemCommand({ TableName: this.at.table, Key: keyOf(key), ConsistentRead: true }));
      return Item && withoutKeys(membersOf(Item as TableItem));
    });
  }

  public items(pk: string, prefix: string, last = Infinity): Promise<(Members & TableKey)[]> {
    const isPart = Number.isFinite(last);
    return this.ask('dynamodb', 'Query', async () => {
      const found: (Members & TableKey)[] = [];
      const pages = paginateQuery({ client: this.dynamoDb }, {
        TableName: this.at.table,
        ConsistentRead: true,
        KeyConditionExpression: '#pk = :pk AND begins_with(#sk, :prefix)',
        ExpressionAttributeNames: { '#pk': partitionKey, '#sk': sortKey },
        ExpressionAttributeValues: itemOf({ ':pk': pk, ':prefix': prefix }) as Record<string, AttributeValue>,
        ...isPart && { ScanIndexForward: false, Limit: last },
      });
      for await (const { Items = [] } of pages) {
        found.push(...Items.map(item => membersOf(item as TableItem) as unknown as Members & TableKey));
        if (found.length >= last) break;
      }
      return isPart ? found.slice(0, last).reverse() : found;
    });
  }

  public putItem(key: TableKey, members: Members): Promise<void> {
    return this.ask('dynamodb', 'PutItem', () => unconflicted(async () => {
      await this.dynamoDb.send(new PutItemCommand({ TableName: this.at.table, Item: fullItem(key, members) }));
    }));
  }

  public putItemOnce(key: TableKey, members: Members): Promise<boolean> {
    return this.ask('dynamodb', 'PutItem', () => metCondition(() => this.dynamoDb.send(new PutItemCommand({
      TableName: this.at.table,
      Item: fullItem(key, members),
      ConditionExpression: 'attribute_not_exists(#pk)',
      ExpressionAttributeNames: { '#pk': partitionKey },
    }))));
  }

  public replaceApprovals(key: TableKey, before: unknown, approvals: readonly object[]): Promise<boolean> {
    const isAsRead = before === undefined ? 'attribute_not_exists(approvals)' : 'approvals = :before';
    return this.ask('dynamodb', 'UpdateItem', () => metCondition(() => this.dynamoDb.send(new UpdateItemCommand({
      TableName: this.at.table,
      Key: keyOf(key),
      UpdateExpression: 'SET approvals = :after',
      ConditionExpression: `attribute_exists(#pk) AND ${isAsRead}`,
      ExpressionAttributeNames: { '#pk': partitionKey },
      ExpressionAttributeValues: itemOf({ ':before': before, ':after': approvals }) as Record<string, AttributeValue>,
    }))));
  }

  public deploy(write: DeploymentWrite): Promise<boolean> {
    return this.ask('dynamodb', 'TransactWriteItems', async () => {
      try {
        const input = { ClientRequestToken: write.token, TransactItems: this.transactionOf(write) };
        await unconflicted(() => this.dynamoDb.send(new TransactWriteItemsCommand(input)));
        return true;
      } catch (error) {
        if ((error as Error & Cancelled).CancellationReasons?.[0]?.Code === 'ConditionalCheckFailed') return false;
        throw error;
      }
    });
  }

  public markPublished(key: TableKey, receipt?: string): Promise<void> {
    return this.ask('dynamodb', 'UpdateItem', () => unconflicted(async () => {
      await this.dynamoDb.send(new UpdateItemCommand({
        TableName: this.at.table,
        Key: keyOf(key),
        UpdateExpression: `SET published = :yes${receipt === undefined ? '' : ', receipt = :receipt'}`,
        ConditionExpression: 'attribute_exists(#pk)',
        ExpressionAttributeNames: { '#pk': partitionKey },
        ExpressionAttributeValues: itemOf({ ':yes': true, ':receipt': receipt }) as Record<string, AttributeValue>,
      }));
    }));
  }

  public sign(digest: Uint8Array): Promise<string> {
    return this.signature(digest, PROMPT_REGISTRY.signing.algorithm);
  }

  public signReceipt(digest: Uint8Array): Promise<string> {
    return this.signature(digest, PROMPT_REGISTRY.signing.receipt.algorithm);
  }

  public publicKey(): Promise<Uint8Array> {
    return this.ask('kms', 'GetPublicKey', async () => {
      return (await this.kms.send(new GetPublicKeyCommand({ KeyId: this.at.signingKey }))).PublicKey!;
    });
  }

  public putEvent({ source, detailType, detail, bus }: Parameters<RegistryPort['putEvent']>[0]): Promise<void> {
    return this.ask('events', 'PutEvents', async () => {
      const { FailedEntryCount, Entries } = await this.eventBridge.send(new PutEventsCommand({
        Entries: [{ Source: source, DetailType: detailType, Detail: detail, EventBusName: bus }],
      }));
      const failed = Entries?.find(({ ErrorCode }) => ErrorCode !== undefined);
      if (FailedEntryCount || failed) {
        throw Object.assign(new Error(failed?.ErrorMessage ?? ''), { name: failed?.ErrorCode ?? 'PutEventsFailed' });
      }
    });
  }

  public caller(): Promise<string> {
    return this.ask('sts', 'GetCallerIdentity', async () => (await this.sts.send(new GetCallerIdentityCommand({}))).Arn!);
  }

  /** Cache points count for nothing, and are not asked about. */
  public countTokens({ model, messages, tools }: CountQuestion): Promise<number> {
    const { modelId, ...converse } = converseInput({ model, messages, tools });
    return this.ask('bedrock', 'CountTokens', async () => {
      const input = { modelId, input: { converse } } as unknown as CountTokensCommandInput;
      return (await this.bedrock.send(new CountTokensCommand(input))).inputTokens!;
    });
  }

  private signature(digest: Uint8Array, SigningAlgorithm: SigningAlgorithmSpec): Promise<string> {
    return this.ask('kms', 'Sign', async () => {
      const { Signature } = await this.kms.send(new SignCommand({
        KeyId: this.at.signingKey, Message: digest, MessageType: 'DIGEST', SigningAlgorithm,
      }));
      return Buffer.from(Signature!).toString('base64');
    });
  }

  private ask<T>(service: string, operation: string, work: () => Promise<T>): Promise<T> {
    return this.asker(service, operation, this.region, work);
  }

  private transactionOf({ expected, current, event, records, environment }: DeploymentWrite): TransactWriteItem[] {
    const condition = expected === 0
      ? { ConditionExpression: 'attribute_not_exists(#name)', ExpressionAttributeNames: { '#name': partitionKey } }
      : {
        ConditionExpression: '#name = :expected',
        ExpressionAttributeNames: { '#name': 'sequence' },
        ExpressionAttributeValues: { ':expected': { N: String(expected) } },
      };
    return [
      { Put: { TableName: this.at.table, Item: fullItem(current.key, current.members), ...condition } },
      { Put: { TableName: this.at.table, Item: fullItem(event.key, event.members) } },
      ...records.map(record => ({ Update: { TableName: this.at.table, ...updateOf(record, environment) } })),
    ];
  }
}

function updateOf({ key, isDeployed, revoked }: RecordChange, environment: string) {
  const mark = revoked ? 'SET revoked = if_not_exists(revoked, :revoked) ' : '';
  return {
    Key: keyOf(key),
    UpdateExpression: `${mark}${isDeployed ? 'ADD' : 'DELETE'} deployed_envs :environment`,
    ConditionExpression: 'attribute_exists(#pk)',
    ExpressionAttributeNames: { '#pk': partitionKey },
    ExpressionAttributeValues: {
      ':environment': { SS: [environment] },
      ...revoked && itemOf({ ':revoked': revoked }) as Record<string, AttributeValue>,
    },
  };
}

function settingsOf({ region, profile, attempts }: AwsOptions) {
  const named = { ...region !== undefined && { region }, ...profile !== undefined && { profile } };
  return { ...named, maxAttempts: attempts, retryMode: 'standard' as const };
}

function keyOf({ pk, sk }: TableKey): Record<string, AttributeValue> {
  return { [partitionKey]: { S: pk }, [sortKey]: { S: sk } };
}

function fullItem(key: TableKey, members: Members): Record<string, AttributeValue> {
  return { ...itemOf(members) as Record<string, AttributeValue>, ...keyOf(key) };
}

function withoutKeys({ [partitionKey]: _pk, [sortKey]: _sk, ...members }: Record<string, unknown>): Members {
  return members;
}
