import type { DynamoDB } from '@aws-sdk/client-dynamodb';
import { PLATFORMS } from '../../../src/contract/data';
import type { EnvelopeErrorBody } from '../../node';

const { table: TABLE, queue: QUEUE } = PLATFORMS.imageGeneration;

export type JobState = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED';

export interface Job {
  readonly state: JobState;
  /** In seconds since 1970: without an end by then the job counts as failed. */
  readonly giveUpAt: number;
  /** Of a job that failed. */
  readonly error?: EnvelopeErrorBody;
}

interface Change {
  readonly set: string;
  readonly remove?: string;
  /** Beside that the job is there. */
  readonly where: string;
  readonly values: Readonly<Record<string, { S: string } | { N: string }>>;
}

const NAMES = { '#key': TABLE.key, '#state': 'state', '#error': 'error', '#leaseUntil': 'leaseUntil' };

/** The states of jobs. What was asked for is in the queue alone: it may say more of a person than a state does. */
export class Jobs {
  public constructor(private readonly dynamoDb: DynamoDB, private readonly tableName: string) {}

  /** A job that has begun already stays as it is. */
  public async begin(jobId: string): Promise<void> {
    const now = nowInSeconds();
    await this.dynamoDb.putItem({
      TableName: this.tableName,
      Item: {
        ...keyOf(jobId),
        state: { S: 'QUEUED' },
        giveUpAt: { N: String(now + QUEUE.giveUpSeconds) },
        [TABLE.expiry]: { N: String(now + TABLE.keptSeconds) },
      },
      ConditionExpression: 'attribute_not_exists(#key)',
      ExpressionAttributeNames: { '#key': TABLE.key },
    }).catch(requireRefusal);
  }

  public async tryFind(jobId: string): Promise<Job | undefined> {
    const { Item } = await this.dynamoDb.getItem({ TableName: this.tableName, Key: keyOf(jobId), ConsistentRead: true });
    if (!Item) return undefined;
    return {
      state: Item.state.S as JobState,
      giveUpAt: Number(Item.giveUpAt.N),
      ...Item.error && { error: JSON.parse(Item.error.S!) as EnvelopeErrorBody },
    };
  }

  /**
   * Takes the job for one worker. `over`: the picture is made, or nobody can ask for the job any more. `busy`: another worker has it.
   * One that failed may run again: somebody sent its dead letter back.
   */
  public async tryRun(jobId: string): Promise<'taken' | 'over' | 'busy'> {
    const now = nowInSeconds();
    const refusal = await this.change(jobId, {
      set: '#state = :running, #leaseUntil = :leaseUntil',
      remove: '#error',
      where: '#state <> :succeeded AND (#state <> :running OR #leaseUntil < :now)',
      values: {
        ':running': { S: 'RUNNING' },
        ':succeeded': { S: 'SUCCEEDED' },
        ':now': { N: String(now) },
        ':leaseUntil': { N: String(now + QUEUE.leaseSeconds) },
      },
    });
    if (!refusal) return 'taken';
    return refusal.state === 'RUNNING' ? 'busy' : 'over';
  }

  /** Gives it back, for the next try. */
  public async release(jobId: string): Promise<void> {
    await this.change(jobId, {
      set: '#state = :queued', where: '#state = :running', values: { ':queued': { S: 'QUEUED' }, ':running': { S: 'RUNNING' } },
    });
  }

  public async succeed(jobId: string): Promise<void> {
    await this.change(jobId, {
      set: '#state = :succeeded', remove: '#error', where: '#state <> :succeeded', values: { ':succeeded': { S: 'SUCCEEDED' } },
    });
  }

  public async fail(jobId: string, error: EnvelopeErrorBody): Promise<void> {
    await this.change(jobId, {
      set: '#state = :failed, #error = :error',
      where: '#state <> :succeeded',
      values: { ':failed': { S: 'FAILED' }, ':error': { S: JSON.stringify(error) }, ':succeeded': { S: 'SUCCEEDED' } },
    });
  }

  /** Undefined when it was done; else the state that did not allow it, or none where there is no such job. */
  private async change(jobId: string, { set, remove, where, values }: Change): Promise<{ state?: string } | undefined> {
    const update = `SET ${set}${remove === undefined ? '' : ` REMOVE ${remove}`}`;
    const condition = `attribute_exists(#key) AND ${where}`;
    const names = Object.entries(NAMES).filter(([name]) => `${update} ${condition}`.includes(name));
    try {
      await this.dynamoDb.updateItem({
        TableName: this.tableName,
        Key: keyOf(jobId),
        UpdateExpression: update,
        ConditionExpression: condition,
        ExpressionAttributeNames: Object.fromEntries(names),
        ExpressionAttributeValues: { ...values },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      return undefined;
    } catch (error) {
      return { state: requireRefusal(error).state?.S };
    }
  }
}

/** The item that did not meet the condition. Anything else that was thrown is thrown on. */
export function requireRefusal(error: unknown): Record<string, { S?: string; N?: string; BOOL?: boolean }> {
  const { name, Item } = error as { name?: string; Item?: Record<string, { S?: string; N?: string; BOOL?: boolean }> };
  if (name === 'ConditionalCheckFailedException') return Item ?? {};
  throw error;
}

export function nowInSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}

function keyOf(jobId: string): { [key: string]: { S: string } } {
  return { [TABLE.key]: { S: `${TABLE.jobPrefix}${jobId}` } };
}
