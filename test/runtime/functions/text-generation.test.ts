import { PLATFORMS, RUNTIME_ENVIRONMENT } from '../../../src/contract/data';
import { FakeApi } from '../../support/fake-api';
import { startLibraryFunction } from '../../support/library-function';
import type { LambdaFunction } from '../../support/runtime-function';
import { GENERATIONS } from '../../support/runtime-generations';
import type { BehaviourName } from '../../support/sagemaker-fake/behaviours';
import { SageMakerFake } from '../../support/sagemaker-fake/sagemaker-fake';

jest.setTimeout(180_000);

const { parameters, prompt, text: LIMITS, variables } = PLATFORMS.textGeneration;
const ORIGIN = 'https://d1.cloudfront.net';

describe.each(GENERATIONS)('the function that sums up a text on %s', (_name, generation) => {
  let fake: SageMakerFake;
  let aws: FakeApi;
  let fn: LambdaFunction;

  beforeAll(async () => {
    fake = await SageMakerFake.start({ text: 'falcon' });
    aws = await FakeApi.start();
    fn = await startLibraryFunction({
      name: 'text-generation',
      generation,
      aws,
      environment: {
        [variables.endpoint]: 'text',
        [RUNTIME_ENVIRONMENT.variables.kind.name]: 'API',
        [RUNTIME_ENVIRONMENT.variables.allowOrigin.name]: ORIGIN,
        AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: fake.url,
      },
    });
  });
  afterAll(async () => {
    await fn.stop();
    aws.close();
    await fake.stop();
  });
  beforeEach(() => fake.play('ok'));

  async function post(body: unknown) {
    const answer = await fn.invoke({
      httpMethod: 'POST',
      path: '/summarize',
      headers: { origin: ORIGIN },
      requestContext: { requestId: 'r-1', httpMethod: 'POST' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const { statusCode, headers, body: text } = JSON.parse(answer.body);
    const cors = headers['access-control-allow-origin'] ?? headers['Access-Control-Allow-Origin'];
    return { statusCode, cors, envelope: JSON.parse(text) };
  }

  test('collapses white space, and answers with what the model wrote', async () => {
    const { statusCode, cors, envelope } = await post({ text: '  Kuro \n\n watched\tthe pond.  ' });
    expect({ statusCode, cors }).toEqual({ statusCode: 200, cors: ORIGIN });
    const data = { summary: 'Kuro watched the pond. The heron came back.' };
    expect(envelope).toEqual({ status: 'success', request_id: 'r-1', data, error: null });
    expect(fake.seen.map(({ input }) => input)).toEqual([{ inputs: `${prompt.before}Kuro watched the pond.${prompt.after}`, parameters }]);
  });

  test.each<[string, unknown, number, string]>([
    ['no JSON', 'Kuro', 400, 'INVALID_REQUEST'],
    ['a list', [], 400, 'INVALID_REQUEST'],
    ['no text', {}, 400, 'INVALID_REQUEST'],
    ['white space alone', { text: ' \n ' }, 400, 'INVALID_REQUEST'],
    ['a misspelt field', { text: 'Kuro', length: 3 }, 400, 'INVALID_REQUEST'],
    ['too long a text', { text: 'x'.repeat(LIMITS.maxLength + 1) }, 413, 'CONTEXT_TOO_LARGE'],
  ])('refuses %s without asking the model', async (_what, body, statusCode, code) => {
    expect(await post(body)).toMatchObject({ statusCode, cors: ORIGIN, envelope: { status: 'error', data: null, error: { code } } });
    expect(fake.seen).toEqual([]);
  });

  test.each<[BehaviourName, number, string]>([
    ['throttle', 429, 'THROTTLE'], ['model-error', 503, 'MODEL_UNAVAILABLE'], ['no-capacity', 503, 'MODEL_UNAVAILABLE'],
    ['malformed', 503, 'MODEL_UNAVAILABLE'], ['wrong-shape', 503, 'MODEL_UNAVAILABLE'], ['model-timeout', 504, 'TIMEOUT'],
    ['access-denied', 500, 'INTERNAL_ERROR'],
  ])('answers %s with an envelope that tells nothing of the inside', async (behaviour, statusCode, code) => {
    fake.play(behaviour);
    const { envelope, ...answer } = await post({ text: 'Kuro watched the pond.' });
    expect([answer, envelope.error.code]).toEqual([{ statusCode, cors: ORIGIN }, code]);
    expect(JSON.stringify(envelope)).not.toMatch(/111122223333|CUDA|arn:/);
  });
});
