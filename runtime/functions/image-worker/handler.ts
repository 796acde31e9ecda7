import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { S3 } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { jpegOf } from './jpeg';
import { FinalError, pictureBy } from './model-call';
import { PLATFORMS } from '../../../src/contract/data';
import { logger, toErrorEnvelope } from '../../node';
import type { QueuedJob } from '../platform/image-request';
import { Jobs } from '../platform/jobs';
import { requireVariable } from '../platform/request-body';
import { CALL_OPTIONS } from '../sdk/call-options';

const { logEvents: LOG_EVENTS, picture, queue, variables } = PLATFORMS.imageGeneration;
const KIB_PER_MIB = 1024;

const bucket = requireVariable(variables.bucket);
const queueUrl = requireVariable(variables.jobQueueUrl);
const s3 = new S3(CALL_OPTIONS);
const sqs = new SQS(CALL_OPTIONS);
const jobs = new Jobs(new DynamoDB(CALL_OPTIONS), requireVariable(variables.jobTable));
const processor = new BatchProcessor(EventType.SQS);

/** Another worker has the job: its message comes twice at times. */
class BusyError extends Error {}

/** Jobs of the queue. Those that fail come again; the queue gives them to the dead letters when it has had enough. */
export const handler = (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
  processPartialResponse(event, work, processor, { context, throwOnFullBatchFailure: false });

async function work(record: SQSRecord): Promise<void> {
  let jobId: string | undefined;
  try {
    const job = JSON.parse(record.body) as QueuedJob;
    jobId = job.jobId;
    await makeOnce(job);
  } catch (error) {
    // Its message stays in the queue, for the case that the other worker does not come to an end.
    if (error instanceof BusyError) throw error;
    await judge({ error, jobId, record });
  }
}

interface Failure {
  readonly error: unknown;
  /** Undefined where the message is none of ours. */
  readonly jobId: string | undefined;
  readonly record: SQSRecord;
}

/** What is final is told to the caller, and over. Anything else comes again, and is told to the caller when it came the last time. */
async function judge({ error, jobId, record }: Failure): Promise<void> {
  const isFinal = error instanceof FinalError;
  const isLast = Number(record.attributes.ApproximateReceiveCount) >= queue.maxReceives;
  const told = toErrorEnvelope(isFinal ? error.told : error).error!;
  logger.error(LOG_EVENTS.failed, { job_id: jobId, error_code: told.code, support_ref: told.support_ref, final: isFinal || isLast });
  if (jobId !== undefined && (isFinal || isLast)) await jobs.fail(jobId, told);
  if (isFinal) return;
  if (jobId !== undefined && !isLast) await tryAgainSoon(jobId, record);
  throw error;
}

/** The queue by itself would hide the message for six times what the function may take. */
async function tryAgainSoon(jobId: string, { receiptHandle }: SQSRecord): Promise<void> {
  await jobs.release(jobId);
  await sqs.changeMessageVisibility({ QueueUrl: queueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout: queue.retrySeconds });
}

async function makeOnce(job: QueuedJob): Promise<void> {
  const { jobId } = job;
  const outcome = await jobs.tryRun(jobId);
  if (outcome === 'taken') return makePicture(job);
  logger.info(LOG_EVENTS.leftAside, { job_id: jobId, reason: outcome });
  if (outcome === 'busy') throw new BusyError(`Another worker has the job ${jobId}.`);
}

async function makePicture({ jobId, request }: QueuedJob): Promise<void> {
  const jpeg = await jpegOf(await pictureBy(request));
  await s3.putObject({
    Bucket: bucket,
    Key: `${picture.keyPrefix}${jobId}${picture.keySuffix}`,
    Body: jpeg,
    ContentType: picture.contentType,
    CacheControl: picture.cacheControl,
  });
  await jobs.succeed(jobId);
  // The most that the process ever held.
  logger.info(LOG_EVENTS.made, { job_id: jobId, bytes: jpeg.length, peak_mib: Math.round(process.resourceUsage().maxRSS / KIB_PER_MIB) });
}
