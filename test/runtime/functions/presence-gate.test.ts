import { createServer, type IncomingMessage, type Server } from 'http';
import type { AddressInfo } from 'net';
import { OPERATIONS, RUNTIME_ENVIRONMENT } from '../../../src/contract/data';
import { FakeApi, failure, inTurn, reply } from '../../support/fake-api';
import { startLibraryFunction } from '../../support/library-function';
import type { LambdaFunction } from '../../support/runtime-function';
import { GENERATIONS, type LambdaGeneration, NODE_24 } from '../../support/runtime-generations';

jest.setTimeout(60_000);

const { environment: ENVIRONMENT } = RUNTIME_ENVIRONMENT.variables;
const { variable: VARIABLE, header: HEADER } = OPERATIONS.presenceGate;
const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:chat';
const INVOKE = `POST /2015-03-31/functions/${encodeURIComponent(FUNCTION)}/invocations`;
const METRICS = ['LatencyEndToEndMs', 'BedrockInvocationCount', 'BedrockThrottlingCount'];
const HOOK = { DeploymentId: 'd-1', LifecycleEventHookExecutionId: 'hook-1' };
const PAYLOADS = [{ requestContext: { httpMethod: 'POST' }, headers: { accept: '*/*' }, body: '{}' }, { job: 1 }];
const INVOKED = { functionArn: FUNCTION, qualifier: 'live', payloads: PAYLOADS };
const SETTINGS = {
  serviceName: 'chat', metrics: METRICS, needed: 3, requests: INVOKED, timing: { withinSeconds: 2, pollSeconds: 0.1, periodSeconds: 1 },
};
const OVERRIDE = { reason: 'The alarm fires on the fault that this mends.', by: 'mori', until: '2999-01-01' };
const answered = { statusCode: 200, headers: {}, body: '{}' };

const page = (ids: readonly string[], NextToken?: string) => ({
  MetricDataResults: ids.map(Id => ({ Id, Values: [1], StatusCode: 'Complete' })), NextToken,
});
/** Of a query that CloudWatch has no data for. */
const empty = (Id: string) => ({ Id, Values: [], StatusCode: 'Complete' });

let aws: FakeApi;

beforeAll(async () => { aws = await FakeApi.start(); });
afterAll(() => aws.close());
beforeEach(() => aws.answer({
  [INVOKE]: () => answered,
  GetMetricData: () => page(['m0', 'm1', 'm2']),
  PutLifecycleEventHookExecutionStatus: () => ({ lifecycleEventHookExecutionId: 'hook-1' }),
}));

/** One function for all tests of the same settings. */
const gates = new Map<string, Promise<LambdaFunction>>();
afterAll(async () => { for (const gate of gates.values()) await (await gate).stop(); });

function gateOf(settings: object, generation: LambdaGeneration): Promise<LambdaFunction> {
  const text = JSON.stringify({ ...SETTINGS, ...settings });
  const key = `${generation.major} ${text}`;
  const environment = { [VARIABLE]: text, [ENVIRONMENT.name]: 'prod' };
  if (!gates.has(key)) gates.set(key, startLibraryFunction({ name: 'presence-gate', generation, aws, environment }));
  return gates.get(key)!;
}

async function ask(settings: object = {}, event: unknown = {}, generation = NODE_24) {
  const gate = await gateOf(settings, generation);
  const before = (await gate.log()).length;
  const { kind, body } = await gate.invoke(event);
  return { kind, answer: JSON.parse(body), lines: (await gate.log()).slice(before) };
}

const told = () => aws.callsOf('PutLifecycleEventHookExecutionStatus').map(({ input }) => input.status);

describe.each(GENERATIONS)('the presence gate on %s', (_name, generation) => {
  test('sends 50 marked requests, sees the metrics, and lets CodeDeploy go on', async () => {
    const startedAt = Date.now();
    const { answer, lines } = await ask({}, HOOK, generation);
    expect(answer).toMatchObject({ outcome: 'passed', sent: 50, failed: 0, seen: METRICS, missing: [] });
    expect(lines).toContainEqual(expect.objectContaining({ message: 'presence_gate_passed' }));
    const datum = { PresenceGateCount: 1, service_name: 'chat', outcome: 'passed', environment: 'prod' };
    expect(lines).toContainEqual(expect.objectContaining(datum));
    expect(told()).toEqual(['Succeeded']);
    const sent = aws.callsOf(INVOKE);
    expect(sent).toHaveLength(50);
    expect(sent.filter(({ input }) => input.headers?.[HEADER] === 'd-1' && input.headers.accept === '*/*')).toHaveLength(25);
    expect(sent.filter(({ input }) => input.job === 1 && input.headers === undefined)).toHaveLength(25);
    for (const { headers } of sent) {
      const context = Buffer.from(String(headers['x-amz-client-context']), 'base64').toString();
      expect(JSON.parse(context)).toEqual({ custom: { plumbline_synthetic: 'd-1' } });
    }
    const { MetricDataQueries: queries, StartTime: start } = aws.callsOf('GetMetricData')[0].input;
    expect(queries[1]).toEqual({
      Id: 'm1',
      MetricStat: {
        Metric: {
          Namespace: 'MangaAssist/Bedrock',
          MetricName: 'InvocationCount',
          Dimensions: [{ Name: 'service_name', Value: 'chat' }, { Name: 'environment', Value: 'prod' }],
        },
        Period: 1,
        Stat: 'SampleCount',
      },
    });
    expect(start * 1_000).toBeGreaterThanOrEqual(startedAt);
  });
});

test('a metric that is not found keeps the gate shut: CodeDeploy rolls back', async () => {
  aws.answer({ GetMetricData: () => ({ MetricDataResults: [...page(['m0', 'm1']).MetricDataResults, empty('m2')] }) });
  const { kind, answer, lines } = await ask({}, HOOK);
  expect(kind).toBe('response');
  expect(answer).toMatchObject({ outcome: 'failed', missing: ['BedrockThrottlingCount'] });
  expect(told()).toEqual(['Failed']);
  expect(lines).toContainEqual(expect.objectContaining({ level: 'ERROR', message: 'presence_gate_failed' }));
});

test('reads every page, and parts of a result as they come', async () => {
  aws.answer({
    GetMetricData: ({ NextToken }: { NextToken?: string }) => {
      if (NextToken === undefined) return { MetricDataResults: [{ ...empty('m0'), StatusCode: 'PartialData' }], NextToken: 'two' };
      return NextToken === 'two' ? page(['m0', 'm1'], 'three') : page(['m2']);
    },
  });
  expect((await ask()).answer).toMatchObject({ outcome: 'passed', seen: METRICS });
});

test('a CloudWatch that throttles and breaks is asked again', async () => {
  aws.answer({
    GetMetricData: inTurn(
      () => failure('Throttling'), () => failure('InternalServiceFault', 500), () => page(['m0', 'm1', 'm2'])),
  });
  expect((await ask()).answer).toMatchObject({ outcome: 'passed' });
});

test('asked by a pipeline, a gate that stays shut is a failed invocation that says why', async () => {
  aws.answer({ GetMetricData: () => failure('AccessDenied', 403, 'not authorized to perform: cloudwatch:GetMetricData') });
  const { kind, answer } = await ask();
  expect(kind).toBe('error');
  const why = /^The presence gate of chat stays shut: 0 of 3 metrics seen within 2 s, missing LatencyEndToEndMs, .*AccessDenied/;
  expect(answer.errorMessage).toMatch(why);
  expect(told()).toEqual([]);
});

const CRASHED = reply({ headers: { 'x-amz-function-error': 'Unhandled' }, body: { errorMessage: 'x' } });

test.each([
  ['a failed invocation', CRASHED, { Unhandled: expect.any(Number) }],
  ['an answer of 5xx', { ...answered, statusCode: 502 }, { 'HTTP 502': expect.any(Number) }],
  ['no right to invoke', failure('AccessDeniedException', 403), { AccessDeniedException: expect.any(Number) }],
  ['throttled', failure('TooManyRequestsException', 429), { TooManyRequestsException: expect.any(Number) }],
])('%s, more than five times, keeps the gate shut though all metrics are seen', async (_what, answer, problems) => {
  aws.answer({ [INVOKE]: () => answer });
  expect((await ask({}, HOOK)).answer).toMatchObject({ outcome: 'failed', problems });
  expect(told()).toEqual(['Failed']);
  expect(aws.callsOf(INVOKE).length).toBeLessThan(15);
});

test('an override lets the version out, and says who wanted it, why and until when', async () => {
  aws.answer({ GetMetricData: () => page([]) });
  const { answer, lines } = await ask({ override: OVERRIDE }, HOOK);
  expect(answer).toMatchObject({ outcome: 'overridden', missing: METRICS });
  expect(told()).toEqual(['Succeeded']);
  expect(lines).toContainEqual(expect.objectContaining({ PresenceGateCount: 1, outcome: 'overridden' }));
  const line = lines.find(({ message }) => message === 'presence_gate_overridden');
  expect(line).toMatchObject({ fields: { override: { ...OVERRIDE, counts: true } } });
});

test('an override whose last day has passed counts no longer', async () => {
  aws.answer({ GetMetricData: () => page([]) });
  const { answer } = await ask({ override: { ...OVERRIDE, until: '2026-01-31' } }, HOOK);
  expect(answer).toMatchObject({ outcome: 'failed' });
  expect(told()).toEqual(['Failed']);
});

test('a deployment that has ended meanwhile is no error', async () => {
  aws.answer({ PutLifecycleEventHookExecutionStatus: () => failure('LifecycleEventAlreadyCompletedException') });
  expect((await ask({}, HOOK)).kind).toBe('response');
});

describe('over HTTP', () => {
  const requests: { method?: string; headers: IncomingMessage['headers']; body: string }[] = [];
  let site: Server;
  let url: string;

  beforeAll(async () => {
    site = createServer((request, response) => {
      let body = '';
      request.on('data', chunk => { body += String(chunk); }).on('end', () => {
        requests.push({ method: request.method, headers: request.headers, body });
        response.writeHead(request.url === '/broken' ? 503 : 200).end('{}');
      });
    });
    await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  });
  afterAll(() => { site.closeAllConnections(); site.close(); });
  beforeEach(() => { requests.length = 0; });

  const POST = { method: 'POST', headers: { accept: 'text/plain' }, bodies: ['{"q":1}', '{"q":2}'] };
  const over = (path: string) => ({ requests: { ...POST, url: url + path } });

  test('the requests are marked, and the bodies take turns', async () => {
    expect((await ask(over('/chat'), HOOK)).answer).toMatchObject({ outcome: 'passed', sent: 50 });
    expect(requests.filter(({ method, headers, body }) =>
      method === 'POST' && headers[HEADER] === 'd-1' && headers.accept === 'text/plain' && body === '{"q":2}')).toHaveLength(25);
  });

  test.each([
    ['/broken', /HTTP 503/], ['http://127.0.0.1:1/', /bad port|ECONNREFUSED|TypeError/],
  ])('%s keeps the gate shut', async (path, problem) => {
    const { answer } = await ask({ requests: { ...POST, url: path.startsWith('/') ? url + path : path } }, HOOK);
    expect(answer.outcome).toBe('failed');
    expect(Object.keys(answer.problems).join()).toMatch(problem);
  });
});
