import { randomUUID } from 'crypto';
import sharp from 'sharp';
import { FakeImagePlatform } from './support/fake-image-platform';
import { PLATFORMS, RUNTIME_ENVIRONMENT } from '../../../src/contract/data';
import { failure, reply } from '../../support/fake-api';
import { startLibraryFunction } from '../../support/library-function';
import type { LambdaFunction } from '../../support/runtime-function';
import { GENERATIONS, NODE_24 } from '../../support/runtime-generations';
import type { BehaviourName } from '../../support/sagemaker-fake/behaviours';
import { paintedPicture, peakSignalToNoise } from '../../support/sagemaker-fake/picture';
import { SageMakerFake } from '../../support/sagemaker-fake/sagemaker-fake';

jest.setTimeout(180_000);

const { logEvents: LOG_EVENTS, picture: PICTURE, queue: QUEUE, table: TABLE } = PLATFORMS.imageGeneration;
const REQUEST = { prompt: 'A heron on a pond at dawn', negativePrompt: 'people', width: 256, height: 256, steps: 20, guidanceScale: 7.5 };
/** Enough for a picture, and short for an endpoint that never answers. */
const SHORT_MS = 2_000;
const MOST_MIB = 512;

describe.each(GENERATIONS)('the function that makes pictures on %s', (_name, generation) => {
  let fake: SageMakerFake;
  let platform: FakeImagePlatform;
  let fn: LambdaFunction;

  beforeAll(async () => {
    fake = await SageMakerFake.start({ image: 'stable-diffusion' });
    platform = await FakeImagePlatform.start();
    fn = await startLibraryFunction({
      name: 'image-worker',
      generation,
      aws: platform.api,
      environment: { ...platform.environment, AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: fake.url },
    });
  });
  afterAll(async () => {
    await fn.stop();
    platform.api.close();
    await fake.stop();
  });
  beforeEach(() => {
    platform.reset();
    fake.play('ok');
  });

  /** A job as its API begins it. */
  function begin(request: object = {}, item: object = {}): { jobId: string; body: string; key: string } {
    const jobId = randomUUID();
    const id = `${TABLE.jobPrefix}${jobId}`;
    platform.table.items.set(id, { [TABLE.key]: { S: id }, state: { S: 'QUEUED' }, giveUpAt: { N: '9999999999' }, ...item });
    return { jobId, body: JSON.stringify({ jobId, request: { ...REQUEST, ...request } }), key: `generated_images/${jobId}.jpg` };
  }
  const itemOf = (jobId: string) => platform.table.items.get(`${TABLE.jobPrefix}${jobId}`)!;
  const errorOf = (jobId: string) => JSON.parse(itemOf(jobId).error.S!);
  const linesOf = async (event: string, jobId: string | undefined) => (await fn.log())
    .filter(({ message, fields }) => message === event && (fields as { job_id?: string }).job_id === jobId)
    .map(({ fields }) => fields as any);

  test('makes a JPEG that decodes to the picture of the model, and says so', async () => {
    const { jobId, body, key } = begin({ width: 512, height: 512 });
    expect(await platform.deliver(fn, body)).toBe(1);
    const { bytes, headers } = platform.pictures.get(key)!;
    expect(headers).toMatchObject({ 'content-type': 'image/jpeg', 'cache-control': PICTURE.cacheControl });
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 512, height: 512, channels: 3 });
    expect(peakSignalToNoise(paintedPicture(512, 512).pixels, data)).toBeGreaterThan(35);
    expect(platform.stateOf(jobId)).toBe('SUCCEEDED');
    expect(await linesOf(LOG_EVENTS.made, jobId)).toEqual([{ job_id: jobId, bytes: bytes.length, peak_mib: expect.any(Number) }]);
  });

  test('asks the model in its own words', async () => {
    await platform.deliver(fn, begin().body);
    await platform.deliver(fn, begin({ negativePrompt: '' }).body);
    const asked = {
      prompt: REQUEST.prompt, width: 256, height: 256, num_images_per_prompt: 1, num_inference_steps: 20, guidance_scale: 7.5,
    };
    expect(fake.seen.map(({ input }) => input)).toEqual([{ ...asked, negative_prompt: 'people' }, asked]);
  });

  test('holds the largest picture, in the largest answer of 20 MB, in less than half of a gigabyte, time after time', async () => {
    fake.play('largest');
    for (let time = 0; time < 3; time += 1) {
      const { jobId, body, key } = begin({ width: 1024, height: 1024 });
      expect(await platform.deliver(fn, body)).toBe(1);
      const { data, info } = await sharp(platform.pictures.get(key)!.bytes).raw().toBuffer({ resolveWithObject: true });
      expect(info).toMatchObject({ width: 1024, height: 1024, channels: 3 });
      expect(peakSignalToNoise(paintedPicture(1024, 1024).pixels, data)).toBeGreaterThan(35);
      const [{ peak_mib: peakMib }] = await linesOf(LOG_EVENTS.made, jobId);
      expect(peakMib).toBeGreaterThan(0);
      expect(peakMib).toBeLessThan(MOST_MIB);
    }
  });

  test('makes one picture of a job that comes twice', async () => {
    const { jobId, body } = begin();
    expect([await platform.deliver(fn, body), await platform.deliver(fn, body)]).toEqual([1, 1]);
    expect([fake.seen.length, platform.api.calls.filter(({ operation }) => operation.startsWith('PUT ')).length]).toEqual([1, 1]);
    expect(await linesOf(LOG_EVENTS.leftAside, jobId)).toEqual([{ job_id: jobId, reason: 'over' }]);
  });

  test('leaves a job to the worker that has it, and does not fail it, however often it comes', async () => {
    const { jobId, body } = begin({}, { state: { S: 'RUNNING' }, leaseUntil: { N: '9999999999' } });
    await platform.deliver(fn, body);
    expect([fake.seen.length, platform.stateOf(jobId), platform.deadLetters]).toEqual([0, 'RUNNING', [body]]);
    expect(await linesOf(LOG_EVENTS.failed, jobId)).toEqual([]);
  });

  test('takes a job over from a worker whose time is over', async () => {
    const { jobId, body } = begin({}, { state: { S: 'RUNNING' }, leaseUntil: { N: '1' } });
    expect(await platform.deliver(fn, body)).toBe(1);
    expect(platform.stateOf(jobId)).toBe('SUCCEEDED');
  });

  test('holds a job for longer than the function may run', async () => {
    const { jobId, body } = begin();
    await platform.deliver(fn, body);
    expect(Number(itemOf(jobId).leaseUntil.N) - Date.now() / 1_000).toBeGreaterThan(QUEUE.leaseSeconds - 30);
  });

  test('makes nothing for a job that nobody can ask for any more', async () => {
    const { jobId, body } = begin();
    platform.table.items.clear();
    expect(await platform.deliver(fn, body)).toBe(1);
    expect([fake.seen.length, platform.stateOf(jobId)]).toEqual([0, undefined]);
  });

  test('makes a failed job when its dead letter is sent back', async () => {
    const { jobId, body } = begin({}, { state: { S: 'FAILED' }, error: { S: '{}' } });
    expect(await platform.deliver(fn, body)).toBe(1);
    expect([platform.stateOf(jobId), itemOf(jobId).error]).toEqual(['SUCCEEDED', undefined]);
  });

  test('tries a job again soon, which then succeeds', async () => {
    fake.play('malformed', 'ok');
    const { jobId, body, key } = begin();
    expect(await platform.deliver(fn, body)).toBe(2);
    expect([platform.stateOf(jobId), platform.pictures.has(key), platform.deadLetters]).toEqual(['SUCCEEDED', true, []]);
    expect(platform.api.callsOf('ChangeMessageVisibility').map(({ input }) => input))
      .toEqual([expect.objectContaining({ ReceiptHandle: 'r', VisibilityTimeout: QUEUE.retrySeconds })]);
    expect(await linesOf(LOG_EVENTS.failed, jobId)).toEqual([expect.objectContaining({ error_code: 'MODEL_UNAVAILABLE', final: false })]);
  });

  test.each<[BehaviourName, string]>([
    ['malformed', 'MODEL_UNAVAILABLE'], ['wrong-shape', 'MODEL_UNAVAILABLE'], ['ragged', 'MODEL_UNAVAILABLE'],
    ['page', 'MODEL_UNAVAILABLE'], ['empty', 'MODEL_UNAVAILABLE'], ['jpeg-bytes', 'MODEL_UNAVAILABLE'],
    ['model-error', 'MODEL_UNAVAILABLE'],
    ['no-answer', 'TIMEOUT'], ['stall', 'TIMEOUT'], ['access-denied', 'INTERNAL_ERROR'],
  ])('an endpoint of %s, time after time, ends in a failed job, a dead letter and a line for an alarm', async (behaviour, code) => {
    fake.play(behaviour);
    const { jobId, body } = begin();
    expect(await platform.deliver(fn, body, SHORT_MS)).toBe(QUEUE.maxReceives);
    expect([platform.stateOf(jobId), platform.deadLetters, platform.pictures.size]).toEqual(['FAILED', [body], 0]);
    const [message, support_ref] = [expect.any(String), expect.any(String)];
    expect(errorOf(jobId)).toEqual({ code, message, retryable: code !== 'INTERNAL_ERROR', support_ref });
    expect(JSON.stringify(errorOf(jobId))).not.toMatch(/111122223333|CUDA|arn:/);
    const lines = await linesOf(LOG_EVENTS.failed, jobId);
    expect(lines.map(({ error_code, final }) => [error_code, final])).toEqual([[code, false], [code, false], [code, true]]);
    expect(lines.at(-1).support_ref).toBe(errorOf(jobId).support_ref);
  });

  test.each<[BehaviourName, RegExp]>([
    ['model-refused', /The model refused the request/], ['black', /black picture.*another prompt/],
  ])('what another try does not mend, such as %s, is told at once and is no dead letter', async (behaviour, message) => {
    fake.play(behaviour);
    const { jobId, body } = begin();
    expect(await platform.deliver(fn, body)).toBe(1);
    expect([platform.stateOf(jobId), platform.deadLetters, platform.pictures.size]).toEqual(['FAILED', [], 0]);
    expect(errorOf(jobId)).toMatchObject({ code: 'INVALID_REQUEST', message: expect.stringMatching(message), retryable: false });
    expect(await linesOf(LOG_EVENTS.failed, jobId)).toEqual([expect.objectContaining({ error_code: 'INVALID_REQUEST', final: true })]);
  });

  test('a picture that cannot be stored is a failed job', async () => {
    const body403 = '<Error><Code>AccessDenied</Code><Message>arn:aws:s3:::x</Message></Error>';
    platform.answer({ '*': () => reply({ status: 403, body: body403, headers: { 'content-type': 'application/xml' } }) });
    const { jobId, body } = begin();
    await platform.deliver(fn, body);
    expect([platform.stateOf(jobId), errorOf(jobId).code, platform.deadLetters]).toEqual(['FAILED', 'INTERNAL_ERROR', [body]]);
  });

  test('a table that cannot be written brings the message back', async () => {
    const { body } = begin();
    platform.answer({ UpdateItem: () => failure('AccessDeniedException') });
    await platform.deliver(fn, body);
    expect([platform.deadLetters, fake.seen.length]).toEqual([[body], 0]);
  });

  test('a message that is no job goes to the dead letters, with a line for an alarm', async () => {
    await platform.deliver(fn, 'hello');
    expect(platform.deadLetters).toEqual(['hello']);
    expect((await linesOf(LOG_EVENTS.failed, undefined)).at(-1)).toMatchObject({ error_code: 'INTERNAL_ERROR', final: true });
  });
});

test('a picture that is asked for is made and told', async () => {
  const fake = await SageMakerFake.start({ image: 'stable-diffusion' });
  const platform = await FakeImagePlatform.start();
  const options = { generation: NODE_24, aws: platform.api };
  const environment = { ...platform.environment, AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: fake.url };
  const kind = { [RUNTIME_ENVIRONMENT.variables.kind.name]: 'API' };
  const jobs = await startLibraryFunction({ ...options, name: 'image-jobs', environment: { ...environment, ...kind } });
  const worker = await startLibraryFunction({ ...options, name: 'image-worker', environment });
  try {
    const ask = async (event: { readonly httpMethod: string; readonly [name: string]: unknown }) => {
      const { httpMethod } = event;
      const { body } = await jobs.invoke({ path: '/images', headers: {}, requestContext: { requestId: 'r-1', httpMethod }, ...event });
      return JSON.parse(JSON.parse(body).body).data;
    };
    const { jobId } = await ask({ httpMethod: 'POST', body: JSON.stringify({ prompt: REQUEST.prompt }) });
    expect(await platform.deliver(worker, platform.queued[0])).toBe(1);
    const { state, url } = await ask({ httpMethod: 'GET', pathParameters: { jobId } });
    expect(state).toBe('SUCCEEDED');
    expect([...platform.pictures.keys()]).toEqual([new URL(url).pathname.slice(1)]);
  } finally {
    await Promise.all([jobs.stop(), worker.stop(), fake.stop()]);
    platform.api.close();
  }
});
