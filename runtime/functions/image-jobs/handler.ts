import { randomUUID } from 'node:crypto';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { SQS } from '@aws-sdk/client-sqs';
import { type KeyedRequest, RequestKeys } from './request-keys';
import { PLATFORMS } from '../../../src/contract/data';
import { EnvelopeError, type EnvelopeErrorBody, success, toErrorEnvelope } from '../../node';
import { type ImageRequest, requireImageRequest, type QueuedJob } from '../platform/image-request';
import { type Job, Jobs, type JobState, nowInSeconds } from '../platform/jobs';
import { type ApiRequest, requireObject, requireVariable } from '../platform/request-body';
import { CALL_OPTIONS } from '../sdk/call-options';

const { idempotencyKey: KEY, picture, variables } = PLATFORMS.imageGeneration;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const tableName = requireVariable(variables.jobTable);
const queueUrl = requireVariable(variables.jobQueueUrl);
const baseUrl = requireVariable(variables.baseUrl).replace(/\/+$/, '');
const dynamoDb = new DynamoDB(CALL_OPTIONS);
const sqs = new SQS(CALL_OPTIONS);
const jobs = new Jobs(dynamoDb, tableName);
const keys = new RequestKeys(dynamoDb, tableName);

/** What is told of a job. */
interface ToldJob {
  readonly jobId: string;
  readonly state: JobState;
  /** Of a picture that is there. */
  readonly url?: string;
  /** Of a job that failed. */
  readonly error?: EnvelopeErrorBody;
}

/** POST a request: 202 with the id of a job. GET with that id: its state, and in the end where the picture is. */
export const handler = async (request: ApiRequest): Promise<unknown> => {
  const method = request.httpMethod ?? request.requestContext?.http?.method;
  if (method === 'GET') return requireJob(request.pathParameters?.jobId);
  if (method !== 'POST') throw new EnvelopeError('NOT_FOUND', 'Only POST and GET are answered here.');
  const asked = requireImageRequest(requireObject(request));
  const key = tryKey(request);
  const told = key === undefined ? await start(randomUUID(), asked) : await startOnce({ caller: callerOf(request), key, asked });
  return { statusCode: 202, headers: { 'content-type': 'application/json' }, body: JSON.stringify(success(told)) };
};

async function start(jobId: string, request: ImageRequest): Promise<ToldJob> {
  await jobs.begin(jobId);
  const job: QueuedJob = { jobId, request };
  await sqs.sendMessage({ QueueUrl: queueUrl, MessageBody: JSON.stringify(job) });
  return { jobId, state: 'QUEUED' };
}

async function startOnce(request: KeyedRequest): Promise<ToldJob> {
  const { jobId, isQueued } = await keys.claim(request);
  if (isQueued) return requireJob(jobId);
  const told = await start(jobId, request.asked);
  await keys.markQueued(request);
  return told;
}

async function requireJob(jobId: string | undefined): Promise<ToldJob> {
  const job = jobId !== undefined && ID.test(jobId) ? await jobs.tryFind(jobId) : undefined;
  if (!job) throw new EnvelopeError('NOT_FOUND', 'There is no such job, or it is long over.');
  return { jobId: jobId!, ...endOf(jobId!, job) };
}

function endOf(jobId: string, { state, error, giveUpAt }: Job): Omit<ToldJob, 'jobId'> {
  if (state === 'SUCCEEDED') return { state, url: `${baseUrl}/${picture.keyPrefix}${jobId}${picture.keySuffix}` };
  if (state === 'FAILED') return { state, error };
  if (nowInSeconds() <= giveUpAt) return { state };
  const late = new EnvelopeError('TIMEOUT', 'The picture was not made in time. Start a new job.');
  return { state: 'FAILED', error: toErrorEnvelope(late).error! };
}

function tryKey({ headers }: ApiRequest): string | undefined {
  const key = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === KEY.header)?.[1];
  if (key === undefined || key === '') return undefined;
  if (key.length >= KEY.minLength && key.length <= KEY.maxLength) return key;
  throw new EnvelopeError('INVALID_REQUEST', `The header ${KEY.header} has to have ${KEY.minLength} to ${KEY.maxLength} characters.`);
}

function callerOf({ requestContext }: ApiRequest): string {
  return requestContext?.authorizer?.claims?.sub ?? requestContext?.authorizer?.principalId ?? requestContext?.identity?.apiKeyId ?? '';
}
