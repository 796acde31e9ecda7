import { createHash } from 'crypto';
import { FakeTable } from './fake-table';
import { PLATFORMS } from '../../../../src/contract/data';
import { FakeApi, type FakeCall, type FakeOperation, reply } from '../../../support/fake-api';
import type { LambdaFunction } from '../../../support/runtime-function';

const { queue: QUEUE, table: TABLE, variables: VARIABLES } = PLATFORMS.imageGeneration;
const BUCKET = 'pictures';
const STATE = 'state';

/** The table, the queue and the bucket of the image platform, as far as its functions use them. */
export class FakeImagePlatform {
  public static async start(): Promise<FakeImagePlatform> {
    const platform = new FakeImagePlatform(await FakeApi.start());
    platform.reset();
    return platform;
  }

  public readonly table = new FakeTable(TABLE.key);
  public readonly queued: string[] = [];
  public readonly deadLetters: string[] = [];
  /** What was stored, by key. */
  public readonly pictures = new Map<string, FakeCall>();

  private constructor(public readonly api: FakeApi) {}

  public get environment(): Record<string, string> {
    return {
      [VARIABLES.endpoint]: 'image',
      [VARIABLES.bucket]: BUCKET,
      [VARIABLES.jobTable]: 'jobs',
      [VARIABLES.jobQueueUrl]: `${this.api.url}/queue`,
      [VARIABLES.baseUrl]: 'https://d1.cloudfront.net/',
    };
  }

  /** Empty, and with answers as they should be, but for the operations given. */
  public reset(faults: Readonly<Record<string, FakeOperation>> = {}): void {
    this.table.items.clear();
    this.pictures.clear();
    this.queued.length = this.deadLetters.length = 0;
    this.answer(faults);
  }

  /** Answers as they should be, but for the operations given; what was stored stays. */
  public answer(faults: Readonly<Record<string, FakeOperation>> = {}): void {
    this.api.answer({
      ...this.table.operations,
      'SendMessage': input => this.send(input),
      'ChangeMessageVisibility': () => ({}),
      '*': (_input, call) => this.store(call),
      ...faults,
    });
  }

  public send({ MessageBody }: { readonly MessageBody: string }): object {
    this.queued.push(MessageBody);
    return { MessageId: 'm1', MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex') };
  }

  public stateOf(jobId: string): string | undefined {
    return this.table.items.get(`${TABLE.jobPrefix}${jobId}`)?.[STATE].S;
  }

  /** As the queue does: the message comes until the worker is done with it, or it goes to the dead letters. Returns how often it came. */
  public async deliver(worker: LambdaFunction, body: string, timeoutMs?: number): Promise<number> {
    for (let received = 1; received <= QUEUE.maxReceives; received += 1) {
      const { kind, body: answer } = await worker.invoke(messageOf(body, received), timeoutMs);
      const failures = kind === 'response' ? (JSON.parse(answer) as { batchItemFailures?: unknown[] }).batchItemFailures : undefined;
      if (failures?.length === 0) return received;
    }
    this.deadLetters.push(body);
    return QUEUE.maxReceives;
  }

  private store(call: FakeCall): unknown {
    const [, key] = new RegExp(`^PUT /${BUCKET}/(.+)$`).exec(call.operation) ?? [];
    if (key === undefined) return reply({ status: 404, body: { message: `The fake does not know ${call.operation}` } });
    this.pictures.set(key, call);
    return reply({ body: '' });
  }
}

function messageOf(body: string, received: number): object {
  return {
    Records: [{
      messageId: 'm1',
      receiptHandle: 'r',
      body,
      attributes: { ApproximateReceiveCount: String(received) },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:111122223333:queue',
      awsRegion: 'us-east-1',
    }],
  };
}
