import { createHash, randomUUID } from 'node:crypto';
import type { DynamoDB } from '@aws-sdk/client-dynamodb';
import { PLATFORMS } from '../../../src/contract/data';
import { EnvelopeError } from '../../node';
import type { ImageRequest } from '../platform/image-request';
import { nowInSeconds, requireRefusal } from '../platform/jobs';

const { idempotencyKey: KEY, table: TABLE } = PLATFORMS.imageGeneration;

export interface KeyedRequest {
  /** One caller's key is nothing to another. */
  readonly caller: string;
  readonly key: string;
  readonly asked: ImageRequest;
}

export interface ClaimedJob {
  readonly jobId: string;
  /** False also when an earlier request with the key ended half-way. */
  readonly isQueued: boolean;
}

/**
 * What makes the requests with one key one job. Of key, caller and request the table holds hashes alone.
 *
 * Between the entry and the message in the queue a function may end. So the entry says when the message is sent, and until then each
 * request with the key sends it: the worker makes one picture of a job, however often it is told of it.
 */
export class RequestKeys {
  public constructor(private readonly dynamoDb: DynamoDB, private readonly tableName: string) {}

  /** The job of the first request with the key: a new one when this is the first. With another request than that it is an error. */
  public async claim(request: KeyedRequest): Promise<ClaimedJob> {
    const [jobId, asked, now] = [randomUUID(), hashOf(request.asked), nowInSeconds()];
    try {
      await this.dynamoDb.putItem({
        TableName: this.tableName,
        Item: {
          ...entryOf(request), jobId: { S: jobId }, asked: { S: asked }, [TABLE.expiry]: { N: String(now + KEY.keptSeconds) },
        },
        // DynamoDB deletes days after the time.
        ConditionExpression: 'attribute_not_exists(#key) OR #expiry < :now',
        ExpressionAttributeNames: { '#key': TABLE.key, '#expiry': TABLE.expiry },
        ExpressionAttributeValues: { ':now': { N: String(now) } },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      return { jobId, isQueued: false };
    } catch (error) {
      const first = requireRefusal(error);
      if (first.asked?.S === asked) return { jobId: first.jobId.S!, isQueued: first.isQueued?.BOOL ?? false };
      throw new EnvelopeError('INVALID_REQUEST', `The ${KEY.header} was used for another request. Take a new one for each request.`);
    }
  }

  public async markQueued(request: KeyedRequest): Promise<void> {
    await this.dynamoDb.updateItem({
      TableName: this.tableName,
      Key: entryOf(request),
      UpdateExpression: 'SET isQueued = :true',
      ConditionExpression: 'attribute_exists(#key)',
      ExpressionAttributeNames: { '#key': TABLE.key },
      ExpressionAttributeValues: { ':true': { BOOL: true } },
    }).catch(requireRefusal);
  }
}

function entryOf({ caller, key }: KeyedRequest): { [key: string]: { S: string } } {
  return { [TABLE.key]: { S: `${TABLE.requestPrefix}${hashOf([caller, key])}` } };
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
