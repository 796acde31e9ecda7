import { LambdaInitException, startProbe } from '../../../runtime/node/probe/iam-probe';
import { signedHeaders } from '../../../runtime/node/probe/signature';
import { logEvent } from '../../../runtime/node/telemetry/log';
import { DENIED, DENIED_STS, FakeAws, type FakeAnswers } from '../../support/runtime-fake-aws';
import { CapturedOutput } from '../../support/runtime-output';

const output = CapturedOutput.install();
const environment = process.env;
const MODELS = ['anthropic.claude-3-haiku-20240307-v1:0', 'arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abc'];
let aws: FakeAws;

async function probe(level: 'BASIC' | 'DEEP' | 'NONE', answers: FakeAnswers = {}, models: string[] = MODELS): Promise<void> {
  aws = await FakeAws.start(answers);
  process.env = {
    ...environment,
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL: aws.url,
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'session',
  };
  await startProbe(level, models, logEvent).verdict;
}

const warnings = () => output.events('iam_probe_skipped');
const failures = () => output.events('iam_validation_failed');

afterEach(() => {
  aws?.close();
  process.env = environment;
});

test('NONE asks nothing', async () => {
  await probe('NONE');
  expect(aws.requests).toEqual([]);
});

test('BASIC asks who the role is and whether it may list models, signed for the function\'s Region', async () => {
  await probe('BASIC');
  const identity = aws.requests.find(({ action }) => action === 'GetCallerIdentity')!;
  expect(identity).toMatchObject({
    path: '/',
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-amz-security-token': 'session' },
  });
  expect(identity.headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/\d{8}\/eu-west-1\/sts\/aws4_request, SignedHeaders=.*host.*, Signature=\w{64}$/,
  );
  const list = aws.requests.find(({ action }) => action === 'ListFoundationModels')!;
  expect(list).toMatchObject({ path: '/foundation-models', body: '' });
  expect(list.headers.authorization).toContain('/eu-west-1/bedrock/aws4_request');
  expect(aws.requests).toHaveLength(2);
  expect(output.text).toBe('');
});

test('every request is signed with the credentials of the function, also below a path', async () => {
  aws = await FakeAws.start();
  process.env = {
    ...environment,
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL: `${aws.url}/a/b/`,
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'secret',
  };
  delete process.env.AWS_SESSION_TOKEN;
  await startProbe('BASIC', [], logEvent).verdict;
  expect(aws.requests.map(({ path }) => path).sort()).toEqual(['/a/b/', '/a/b/foundation-models']);
  for (const { path, body, headers } of aws.requests) {
    const stamp = String(headers['x-amz-date']);
    const date = new Date(stamp.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
    const service = path === '/a/b/' ? 'sts' : 'bedrock';
    const expected = signedHeaders(
      { method: service === 'sts' ? 'POST' : 'GET', host: headers.host!, path, body, contentType: headers['content-type'] },
      { accessKeyId: 'id', secretAccessKey: 'secret' }, { service, region: 'eu-west-1', date },
    );
    expect(headers.authorization).toBe(expected.authorization);
    expect(headers).not.toHaveProperty('x-amz-security-token');
  }
});

test.each([
  [{ AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-2' }, 'eu-west-1'],
  [{ AWS_DEFAULT_REGION: 'eu-west-2' }, 'eu-west-2'],
  [{}, 'us-east-1'],
])('the Region is that of the function: %j', async (variables, expected) => {
  aws = await FakeAws.start();
  const { AWS_REGION: _region, AWS_DEFAULT_REGION: _default, ...others } = environment;
  process.env = { ...others, ...variables, AWS_ENDPOINT_URL: aws.url };
  await startProbe('BASIC', [], logEvent).verdict;
  expect(aws.requests[0].headers.authorization).toContain(`/${expected}/`);
});

test('DEEP also asks for every model, without a body that a model would answer', async () => {
  await probe('DEEP');
  const invocations = aws.requests.filter(({ action }) => action === 'InvokeModel');
  expect(invocations.map(({ path }) => path).sort()).toEqual(MODELS.map(model => `/model/${encodeURIComponent(model)}/invoke`).sort());
  expect(invocations.map(({ body }) => body)).toEqual(['{}', '{}']);
  expect(output.text).toBe('');
});

test('a denial fails the init, names the action, and the role in the log only', async () => {
  const failure = await probe('BASIC', { ListFoundationModels: DENIED }).catch((error: unknown) => error as LambdaInitException);
  expect(failure).toBeInstanceOf(LambdaInitException);
  expect(failure).toMatchObject({ name: 'LambdaInitException', actions: ['bedrock:ListFoundationModels'] });
  expect(`${failure!.message}${failure!.stack}`).not.toMatch(/arn:|\n/);
  expect(failures()).toMatchObject([
    { level: 'ERROR', action: 'bedrock:ListFoundationModels', role_arn: 'arn:aws:iam::123456789012:role/chat-role' },
  ]);
  expect(failures()[0]).not.toHaveProperty('model_id');
});

test('each denied model has its line, the action is named once', async () => {
  const failure = await probe('DEEP', { InvokeModel: DENIED, GetCallerIdentity: DENIED_STS }).catch(
    (error: unknown) => error as LambdaInitException,
  );
  expect(failure).toMatchObject({ actions: ['sts:GetCallerIdentity', 'bedrock:InvokeModel'] });
  expect(failures().map(({ model_id }) => model_id)).toEqual([undefined, ...MODELS]);
});

test.each<[string, FakeAnswers['ListFoundationModels'], string]>([
  ['throttling', { status: 429, headers: { 'x-amzn-errortype': 'ThrottlingException' } }, 'HTTP 429 ThrottlingException'],
  ['an outage', { status: 503 }, 'HTTP 503'],
  ['expired credentials', { status: 403, headers: { 'x-amzn-errortype': 'ExpiredTokenException' } }, 'HTTP 403 ExpiredTokenException'],
  ['a validation error', { status: 400, headers: { 'x-amzn-errortype': 'ValidationException' } }, 'HTTP 400 ValidationException'],
])('%s lets the function start with a warning', async (_what, answer, reason) => {
  await probe('BASIC', { ListFoundationModels: answer });
  expect(warnings()).toMatchObject([{ level: 'WARN', action: 'bedrock:ListFoundationModels', reason }]);
});

test('a model that answers is one that may be invoked', async () => {
  await probe('DEEP', { InvokeModel: { status: 200, body: '{}' } });
  expect(output.text).toBe('');
});

test('a model that is throttled lets the function start with a warning that names it', async () => {
  await probe('DEEP', { InvokeModel: { status: 429 } }, ['one']);
  expect(warnings()).toMatchObject([{ action: 'bedrock:InvokeModel', model_id: 'one', reason: 'HTTP 429' }]);
});

test('nobody at the other end lets the function start with a warning', async () => {
  process.env = { ...environment, AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
  await startProbe('BASIC', [], logEvent).verdict;
  expect(warnings().map(({ reason }) => reason)).toEqual([
    expect.stringContaining('ECONNREFUSED'),
    expect.stringContaining('ECONNREFUSED'),
  ]);
});

test('an endpoint that is no URL lets the function start with a warning', async () => {
  process.env = { ...environment, AWS_ENDPOINT_URL: 'not a url' };
  await startProbe('BASIC', [], logEvent).verdict;
  expect(warnings()).toHaveLength(2);
});

test('no answer is awaited for longer than two seconds, and one denial among silence is heard', async () => {
  const start = Date.now();
  await expect(probe('BASIC', { GetCallerIdentity: { status: 200, hang: 'at once' }, ListFoundationModels: DENIED })).rejects.toThrow(
    'denied bedrock:ListFoundationModels',
  );
  expect(Date.now() - start).toBeGreaterThanOrEqual(1950);
  expect(Date.now() - start).toBeLessThan(4000);
  expect(warnings()).toMatchObject([{ action: 'sts:GetCallerIdentity', reason: 'no answer within 2000 ms' }]);
});

test('an identity that stops in its middle is none', async () => {
  await probe('BASIC', { GetCallerIdentity: { status: 200, hang: 'in the middle' } });
  expect(warnings()).toMatchObject([{ action: 'sts:GetCallerIdentity', reason: 'no answer within 2000 ms' }]);
});

test('of a list of models only its status is waited for', async () => {
  const start = Date.now();
  await probe('BASIC', { ListFoundationModels: { status: 200, hang: 'in the middle' } });
  expect(output.text).toBe('');
  expect(Date.now() - start).toBeLessThan(1000);
});

test('leaves no timer behind that would keep a process alive', async () => {
  const clear = jest.spyOn(global, 'clearTimeout');
  await probe('BASIC');
  expect(clear).toHaveBeenCalled();
});
