import { randomUUID } from 'crypto';
import { FakeImagePlatform } from './support/fake-image-platform';
import { PLATFORMS, RUNTIME_ENVIRONMENT } from '../../../src/contract/data';
import { failure, inTurn } from '../../support/fake-api';
import { startLibraryFunction } from '../../support/library-function';
import type { LambdaFunction } from '../../support/runtime-function';
import { GENERATIONS } from '../../support/runtime-generations';

jest.setTimeout(180_000);

const { idempotencyKey: KEY, queue: QUEUE, request: LIMITS, table: TABLE } = PLATFORMS.imageGeneration;
const ORIGIN = 'https://d1.cloudfront.net';
const PROMPT = 'A heron on a pond at dawn';
const DEFAULTS = { prompt: PROMPT, negativePrompt: '', width: 768, height: 768, steps: 50, guidanceScale: 7.5 };
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe.each(GENERATIONS)('the function that begins pictures on %s', (_name, generation) => {
  let platform: FakeImagePlatform;
  let fn: LambdaFunction;

  beforeAll(async () => {
    platform = await FakeImagePlatform.start();
    fn = await startLibraryFunction({
      name: 'image-jobs',
      generation,
      aws: platform.api,
      environment: {
        ...platform.environment,
        [RUNTIME_ENVIRONMENT.variables.kind.name]: 'API',
        [RUNTIME_ENVIRONMENT.variables.allowOrigin.name]: ORIGIN,
      },
    });
  });
  afterAll(async () => {
    await fn.stop();
    platform.api.close();
  });
  beforeEach(() => platform.reset());

  async function ask(event: { readonly headers?: object; readonly requestContext?: object; readonly [name: string]: unknown }) {
    const answer = await fn.invoke({
      ...event,
      headers: { origin: ORIGIN, ...event.headers },
      requestContext: { requestId: 'r-1', httpMethod: event.httpMethod, ...event.requestContext },
    });
    const { statusCode, headers, body } = JSON.parse(answer.body);
    const cors = headers['access-control-allow-origin'] ?? headers['Access-Control-Allow-Origin'];
    return { statusCode, cors, envelope: JSON.parse(body) };
  }

  const post = (body: unknown, headers: object = {}, requestContext: object = {}) =>
    ask({ httpMethod: 'POST', path: '/images', body: typeof body === 'string' ? body : JSON.stringify(body), headers, requestContext });
  const get = (jobId: string | undefined) => ask({ httpMethod: 'GET', path: `/images/${jobId}`, pathParameters: jobId ? { jobId } : null });
  const begun = async (...given: Parameters<typeof post>) => (await post(...given)).envelope.data.jobId as string;
  const change = (jobId: string, changed: object) => {
    const id = `${TABLE.jobPrefix}${jobId}`;
    platform.table.items.set(id, { ...platform.table.items.get(id), ...changed });
  };

  test('answers at once with the id of a job, which stands in the queue with every default', async () => {
    const { statusCode, cors, envelope } = await post({ prompt: `  ${PROMPT} ` });
    expect({ statusCode, cors }).toEqual({ statusCode: 202, cors: ORIGIN });
    const data = { jobId: expect.stringMatching(ID), state: 'QUEUED' };
    expect(envelope).toEqual({ status: 'success', request_id: 'r-1', data, error: null });
    expect(platform.queued.map(body => JSON.parse(body))).toEqual([{ jobId: envelope.data.jobId, request: DEFAULTS }]);
  });

  test('passes on all that a picture may be asked for with', async () => {
    const asked = { prompt: PROMPT, negativePrompt: 'people', width: 512, height: 1024, steps: 20, guidanceScale: 3.25 };
    await post(asked);
    expect(JSON.parse(platform.queued[0]).request).toEqual(asked);
  });

  test('keeps nothing of what was asked in the table, and the job not for ever', async () => {
    await post({ prompt: PROMPT }, { [KEY.header]: 'key-of-mine' });
    const stored = JSON.stringify([...platform.table.items.values()]);
    expect(stored).not.toMatch(/heron|key-of-mine/);
    for (const item of platform.table.items.values()) expect(Number(item[TABLE.expiry].N)).toBeGreaterThan(Date.now() / 1_000);
  });

  describe('a job', () => {
    test('that waits, runs and is done is told as it stands, at last with the address of the picture', async () => {
      const jobId = await begun({ prompt: PROMPT });
      expect((await get(jobId)).envelope.data).toEqual({ jobId, state: 'QUEUED' });
      change(jobId, { state: { S: 'RUNNING' } });
      expect((await get(jobId)).envelope.data).toEqual({ jobId, state: 'RUNNING' });
      change(jobId, { state: { S: 'SUCCEEDED' } });
      const data = { jobId, state: 'SUCCEEDED', url: `https://d1.cloudfront.net/generated_images/${jobId}.jpg` };
      expect(await get(jobId)).toEqual({ statusCode: 200, cors: ORIGIN, envelope: expect.objectContaining({ data }) });
    });

    test('that failed says why', async () => {
      const jobId = await begun({ prompt: PROMPT });
      const error = { code: 'MODEL_UNAVAILABLE', message: 'The model cannot be reached.', retryable: true, support_ref: 'ref-1' };
      change(jobId, { state: { S: 'FAILED' }, error: { S: JSON.stringify(error) } });
      expect((await get(jobId)).envelope.data).toEqual({ jobId, state: 'FAILED', error });
    });

    test.each(['QUEUED', 'RUNNING'])('that is %s after all its time has failed', async state => {
      const jobId = await begun({ prompt: PROMPT });
      const { giveUpAt } = platform.table.items.get(`${TABLE.jobPrefix}${jobId}`)!;
      expect(Number(giveUpAt.N) - Date.now() / 1_000).toBeCloseTo(QUEUE.giveUpSeconds, -2);
      change(jobId, { state: { S: state }, giveUpAt: { N: String(Math.floor(Date.now() / 1_000) - 2) } });
      expect((await get(jobId)).envelope.data).toMatchObject({ jobId, state: 'FAILED', error: { code: 'TIMEOUT', retryable: true } });
    });

    test.each([
      ['an id that is not there', randomUUID()], ['no id', 'request#1'], ['nothing', undefined],
    ])('of %s is not found', async (_what, id) => {
      expect(await get(id)).toMatchObject({ statusCode: 404, cors: ORIGIN, envelope: { error: { code: 'NOT_FOUND' } } });
    });
  });

  describe('an idempotency key', () => {
    const headers = { 'Idempotency-Key': 'key-of-mine' };

    test('makes one job of two requests, and the second is told its state', async () => {
      const jobId = await begun({ prompt: PROMPT }, headers);
      change(jobId, { state: { S: 'SUCCEEDED' } });
      const { statusCode, envelope } = await post({ prompt: ` ${PROMPT}`, width: 768 }, { [KEY.header]: 'key-of-mine' });
      expect([statusCode, envelope.data]).toEqual([202, expect.objectContaining({ jobId, state: 'SUCCEEDED', url: expect.any(String) })]);
      expect(platform.queued).toHaveLength(1);
    });

    test('is refused for another request', async () => {
      await post({ prompt: PROMPT }, headers);
      const { statusCode, cors, envelope } = await post({ prompt: PROMPT, steps: 51 }, headers);
      expect([statusCode, cors, envelope.error.code]).toEqual([400, ORIGIN, 'INVALID_REQUEST']);
      expect(envelope.error.message).toMatch(/used for another request/);
    });

    test('of another caller is another key', async () => {
      const one = await begun({ prompt: PROMPT }, headers, { identity: { apiKeyId: 'one' } });
      expect(await begun({ prompt: PROMPT }, headers, { identity: { apiKeyId: 'two' } })).not.toBe(one);
      expect(await begun({ prompt: PROMPT }, headers, { authorizer: { claims: { sub: 'three' } } })).not.toBe(one);
      expect(platform.queued).toHaveLength(3);
    });

    test('counts no longer when its time is over, though DynamoDB has not deleted it', async () => {
      const one = await begun({ prompt: PROMPT }, headers);
      for (const item of platform.table.items.values()) item[TABLE.expiry] = { N: '1' };
      expect(await begun({ prompt: PROMPT, steps: 51 }, headers)).not.toBe(one);
    });

    test('leads to the same job after the first request broke off before the queue had it', async () => {
      platform.reset({ SendMessage: () => failure('AccessDeniedException', 403) });
      expect(await post({ prompt: PROMPT }, headers)).toMatchObject({ statusCode: 500, cors: ORIGIN });
      const [entry] = [...platform.table.items.values()].filter(item => item.asked);
      platform.answer();
      expect(await begun({ prompt: PROMPT }, headers)).toBe(entry.jobId.S);
      expect(platform.queued.map(body => JSON.parse(body).jobId)).toEqual([entry.jobId.S]);
      await post({ prompt: PROMPT }, headers);
      expect(platform.queued).toHaveLength(1);
    });

    test.each([
      ['short', 'x'.repeat(KEY.minLength - 1)], ['long', 'x'.repeat(KEY.maxLength + 1)],
    ])('too %s is refused', async (_what, key) => {
      const { statusCode, envelope } = await post({ prompt: PROMPT }, { [KEY.header]: key });
      expect([statusCode, envelope.error.message]).toEqual([400, expect.stringContaining('idempotency-key')]);
      expect(platform.api.calls).toEqual([]);
    });
  });

  test.each<[string, unknown, RegExp]>([
    ['no JSON', 'heron', /one JSON object/],
    ['no prompt', {}, /prompt is missing/],
    ['a prompt too short when trimmed', { prompt: `  ${'x'.repeat(LIMITS.prompt.minLength - 1)}  ` }, /prompt has 9 characters, 10 to 300/],
    ['a prompt too long', { prompt: 'x'.repeat(LIMITS.prompt.maxLength + 1) }, /prompt has 301 characters/],
    ['a negative prompt too long', { prompt: PROMPT, negativePrompt: 'x'.repeat(301) }, /negativePrompt has 301 characters, 0 to 300/],
    ['a width between the steps', { prompt: PROMPT, width: 516 }, /width has to be a number from 256 to 1024, in steps of 8/],
    ['a height too large', { prompt: PROMPT, height: 1032 }, /height/],
    ['half a step', { prompt: PROMPT, steps: 20.5 }, /steps has to be a number from 1 to 100, whole/],
    ['a number in text', { prompt: PROMPT, guidanceScale: '7' }, /guidanceScale has to be a number from 1 to 20/],
    ['a misspelt field', { prompt: PROMPT, guidance_scale: 7 }, /unknown field.*guidanceScale/],
    ['many faults', { prompt: 'x', width: 1, steps: 0 }, /prompt.*width.*steps/],
  ])('refuses %s, and asks nobody', async (_what, body, message) => {
    const { statusCode, cors, envelope } = await post(body);
    expect([statusCode, cors, envelope.error.code]).toEqual([400, ORIGIN, 'INVALID_REQUEST']);
    expect(envelope.error.message).toMatch(message);
    expect(platform.api.calls).toEqual([]);
  });

  test('answers other methods with an envelope', async () => {
    expect(await ask({ httpMethod: 'DELETE', path: '/images' })).toMatchObject({ statusCode: 404, cors: ORIGIN });
  });

  test('answers a missing permission with an envelope that tells nothing of it', async () => {
    const denied = () => failure('AccessDeniedException', 400, 'arn:aws:iam::111122223333:role/x is not authorized');
    platform.reset({ PutItem: denied, GetItem: denied });
    for (const { statusCode, cors, envelope } of [await post({ prompt: PROMPT }), await get(randomUUID())]) {
      expect([statusCode, cors, envelope.error.code]).toEqual([500, ORIGIN, 'INTERNAL_ERROR']);
      expect(JSON.stringify(envelope)).not.toMatch(/111122223333|arn:/);
    }
  });

  test('asks a queue that throttles again', async () => {
    platform.reset({ SendMessage: inTurn(() => failure('ThrottlingException'), input => platform.send(input)) });
    expect((await post({ prompt: PROMPT })).statusCode).toBe(202);
    expect(platform.queued).toHaveLength(1);
  });
});
