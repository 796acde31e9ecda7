import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Attributes } from './attributes';
import type { PromptStore } from './ports';
import { integrityProblem } from './prompt-problem';
import type { PromptSettings } from './prompt-settings';
import type { KmsKey } from './signing-key';
import { PROMPT_REGISTRY } from '../../../src/contract/data';
import type { TableKey } from '../../../src/contract/prompts/registry-keys';

const { connectTimeoutMs, requestTimeoutMs, attempts, maxDocumentBytes: MAX_BYTES } = PROMPT_REGISTRY.read;

/** The registry by the SDK's clients of DynamoDB, S3 and KMS, which come with this file when the first prompt is asked for. */
export class AwsPromptStore implements PromptStore {
  private readonly table: DynamoDBClient;
  private readonly bucket: S3Client;
  private readonly keys: KMSClient;

  public constructor(private readonly settings: Pick<PromptSettings, 'bucket' | 'table' | 'region'>) {
    const config = {
      region: settings.region,
      maxAttempts: attempts,
      requestHandler: new NodeHttpHandler({
        connectionTimeout: connectTimeoutMs, requestTimeout: requestTimeoutMs, throwOnRequestTimeout: true,
      }),
    };
    this.table = new DynamoDBClient(config);
    // What is read is compared with a signed SHA-256: a check of the SDK's own would say less.
    this.bucket = new S3Client({ ...config, responseChecksumValidation: 'WHEN_REQUIRED' });
    this.keys = new KMSClient(config);
  }

  public async deployment({ pk, sk }: TableKey, abortSignal: AbortSignal): Promise<Attributes | undefined> {
    const { partitionKey, sortKey } = PROMPT_REGISTRY.table;
    const { Item } = await this.table.send(new GetItemCommand({
      TableName: this.settings.table,
      Key: { [partitionKey]: { S: pk }, [sortKey]: { S: sk } },
      // Else an older answer might come after a newer one, and would look like a deployment that was put back.
      ConsistentRead: true,
    }), { abortSignal });
    return Item as Attributes | undefined;
  }

  public async object(Key: string, VersionId: string, abortSignal: AbortSignal): Promise<Uint8Array> {
    const { Body, ContentLength } = await this.bucket.send(
      new GetObjectCommand({ Bucket: this.settings.bucket, Key, VersionId }), { abortSignal });
    if (!Body) return new Uint8Array();
    // The SDK forgets the signal once the head of the answer is there.
    const stop = (): void => { (Body as { destroy?(error: Error): void }).destroy?.(abortSignal.reason as Error); };
    abortSignal.addEventListener('abort', stop, { once: true });
    try {
      if (ContentLength !== undefined && ContentLength > MAX_BYTES) {
        stop();
        throw integrityProblem('object_size', `${Key} has ${ContentLength} bytes; the largest that a prompt may have are ${MAX_BYTES}.`);
      }
      return await Body.transformToByteArray();
    } finally {
      abortSignal.removeEventListener('abort', stop);
    }
  }

  public async signingKey(KeyId: string, abortSignal: AbortSignal): Promise<KmsKey> {
    const answer = await this.keys.send(new GetPublicKeyCommand({ KeyId }), { abortSignal });
    return {
      id: answer.KeyId, usage: answer.KeyUsage, algorithms: answer.SigningAlgorithms ?? [], der: answer.PublicKey ?? new Uint8Array(),
    };
  }
}
