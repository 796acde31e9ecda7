import { RUNTIME_ENVIRONMENT } from '../../../src/contract/data';
import { FakeApi, failure, type FakeOperation, inTurn, reply } from '../../support/fake-api';
import { startLibraryFunction } from '../../support/library-function';
import type { LambdaFunction } from '../../support/runtime-function';
import { GENERATIONS, type LambdaGeneration } from '../../support/runtime-generations';

jest.setTimeout(120_000);

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:alarms';
const CHAT = { service: 'chat', logGroup: 'chat-log', role: 'chat-role', fn: 'chat-fn' };
const CART = { service: 'cart', logGroup: 'cart-log', role: 'cart-role', fn: 'cart-fn' };
const INPUT = { detector: 'bypass-detector', services: [CHAT, CART], invocationLog: 'bedrock-log', exceptions: [], topicArn: TOPIC };
const MODEL = 'amazon.nova-lite-v1:0';
const TIMES = { first: '1795766400000', last: '1795766460000' };
/** Lambda's longest time. */
const TIME_MS = 900_000;

type Row = Readonly<Record<string, string>>;
const logRow = (group: string, calls: number, more: Row = {}): Row =>
  ({ '@log': `123456789012:${group}`, 'calls': String(calls), ...TIMES, ...more });
const callRow = (arn: string, calls: number): Row =>
  ({ 'identity.arn': arn, 'modelId': MODEL, 'operation': 'Converse', 'calls': String(calls), ...TIMES });
const assumed = (role: string, session: string) => `arn:aws:sts::123456789012:assumed-role/${role}/${session}`;

/** SNS speaks XML. */
const xml = (status: number, body: string) => reply({ status, headers: { 'content-type': 'text/xml' }, body });
const PUBLISHED = xml(200, '<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>');
const REFUSED = xml(403, '<ErrorResponse><Error><Code>AuthorizationError</Code><Message>no</Message></Error></ErrorResponse>');

let aws: FakeApi;
let detector: LambdaFunction;

/** Answers of Insights by the log groups that a query searches. */
function insights(rowsOf: (groups: readonly string[]) => readonly Row[]): Record<string, FakeOperation> {
  return {
    StartQuery: ({ logGroupNames }: { logGroupNames: string[] }) => ({ queryId: logGroupNames.join('+') }),
    GetQueryResults: ({ queryId }: { queryId: string }) => ({ status: 'Complete', results: written(rowsOf(queryId.split('+'))) }),
    Publish: () => PUBLISHED,
  };
}

const written = (rows: readonly Row[]) => rows.map(row => Object.entries(row).map(([field, value]) => ({ field, value })));
const published = () => aws.callsOf('Publish').map(({ input }) => input as { Subject: string; Message: string });
const counts = (lines: readonly Record<string, unknown>[], name: string) =>
  Object.fromEntries(lines.filter(line => name in line)
    .map(line => [[line.service_name, line.source].filter(Boolean).join('/'), line[name]]));

async function search(input: object = INPUT) {
  const before = (await detector.log()).length;
  const { kind, body } = await detector.invoke(input, TIME_MS);
  return { kind, answer: JSON.parse(body), lines: (await detector.log()).slice(before) };
}

function runOn(generation: LambdaGeneration): void {
  beforeAll(async () => {
    aws = await FakeApi.start();
    const environment = { [RUNTIME_ENVIRONMENT.variables.environment.name]: 'prod' };
    detector = await startLibraryFunction({ name: 'bypass-detector', generation, aws, environment });
  });
  afterAll(async () => {
    await detector.stop();
    aws.close();
  });
}

describe.each(GENERATIONS)('the bypass detector on %s', (_name, generation) => {
  runOn(generation);

  test('tells of each service once, by both sources, and counts zero for the others', async () => {
    aws.answer(insights(groups => (groups.includes('bedrock-log')
      ? [callRow(assumed('chat-role', 'chat-fn'), 7), callRow(assumed('someone', 'laptop'), 2)]
      : [logRow('chat-log', 3, { service_name: 'chat' })])));
    const { kind, answer, lines } = await search();
    expect(kind).toBe('response');
    expect(answer.findings).toMatchObject([{ service: 'chat', calls: 7 }, { service: 'unknown', calls: 2 }]);
    expect(published().map(({ Subject }) => Subject)).toEqual([
      '[MangaAssist prod] chat: 7 calls to Bedrock past the standard', '[MangaAssist prod] unknown: 2 calls to Bedrock past the standard',
    ]);
    expect(published()[0].Message).toContain(`7 x Converse of ${MODEL} by ${assumed('chat-role', 'chat-fn')}`);
    expect(published()[0].Message).toContain('3 x log group chat-log');
    expect(counts(lines, 'BypassCount')).toEqual({ chat: 7, cart: 0, unknown: 2 });
    expect(counts(lines, 'BypassScanCount')).toEqual({ 'bypass-detector/service_logs': 1, 'bypass-detector/invocation_log': 1 });
  });
});

describe('a search', () => {
  runOn(GENERATIONS[0][1]);

  test('that finds nothing tells nobody, and counts zero', async () => {
    aws.answer(insights(() => []));
    const { answer, lines } = await search();
    expect(answer.findings).toEqual([]);
    expect(published()).toEqual([]);
    expect(counts(lines, 'BypassCount')).toEqual({ chat: 0, cart: 0, unknown: 0 });
  });

  test('covers the 24 full hours before it, in queries of each source', async () => {
    aws.answer(insights(() => []));
    await search();
    const [one, other] = aws.callsOf('StartQuery').map(({ input }) => input);
    expect([one.logGroupNames, other.logGroupNames]).toEqual([['chat-log', 'cart-log'], ['bedrock-log']]);
    expect(one.endTime - one.startTime).toBe(86_399);
    expect(one.startTime % 3_600).toBe(0);
    expect(one.queryString).toContain('event = "bedrock_call" and not ispresent(bedrock_client_version)');
    expect(other.queryString).toContain('by identity.arn, modelId, operation');
  });

  test('that is throttled at first, and pages its results, finds all the same', async () => {
    const rows = [logRow('chat-log', 1), logRow('cart-log', 2)];
    aws.answer({
      ...insights(() => rows),
      StartQuery: inTurn(() => failure('LimitExceededException'), () => failure('ThrottlingException'), () => ({ queryId: 'q' })),
      GetQueryResults: inTurn(
        () => ({ status: 'Running', results: written(rows.slice(0, 1)) }), () => failure('ThrottlingException'),
        () => ({ status: 'Complete', results: written(rows.slice(0, 1)), nextToken: 't' }),
        ({ nextToken }) => ({ status: 'Complete', results: nextToken === 't' ? written(rows.slice(1)) : [] }),
      ),
    });
    const { answer } = await search({ ...INPUT, invocationLog: undefined });
    expect(answer.findings).toMatchObject([{ service: 'cart', calls: 2 }, { service: 'chat', calls: 1 }]);
  });

  test('goes on without a log group that has gone, and counts nothing for it', async () => {
    aws.answer({
      ...insights(() => [logRow('cart-log', 2)]),
      StartQuery: ({ logGroupNames }: { logGroupNames: string[] }) =>
        (logGroupNames.includes('chat-log') ? failure('ResourceNotFoundException') : { queryId: logGroupNames.join('+') }),
    });
    const { kind, lines } = await search({ ...INPUT, invocationLog: undefined });
    expect(kind).toBe('response');
    expect(counts(lines, 'BypassCount')).toEqual({ cart: 2 });
    const told = lines.find(({ message }) => message === 'bedrock_bypass_log_group_gone');
    expect(told).toMatchObject({ fields: { log_groups: ['chat-log'] } });
  });

  test('that is not complete fails after it has told what it found', async () => {
    aws.answer({
      ...insights(groups => (groups.includes('bedrock-log') ? [callRow(assumed('cart-role', 'cart-fn'), 4)] : [])),
      StartQuery: ({ logGroupNames }: { logGroupNames: string[] }) =>
        (logGroupNames.includes('chat-log') ? failure('AccessDeniedException') : { queryId: logGroupNames.join('+') }),
    });
    const { kind, answer, lines } = await search();
    expect(kind).toBe('error');
    expect(answer.errorMessage).toMatch(/^The search for calls past the standard is incomplete: AccessDenied.*chat-log, cart-log/);
    expect(published()).toHaveLength(1);
    expect(counts(lines, 'BypassCount')).toEqual({ cart: 4 });
    expect(counts(lines, 'BypassScanCount')).toEqual({ 'bypass-detector/invocation_log': 1 });
  });

  test('whose invocation log has gone fails, too', async () => {
    aws.answer({
      ...insights(() => []),
      StartQuery: ({ logGroupNames: [name] }: { logGroupNames: string[] }) =>
        (name === 'bedrock-log' ? failure('ResourceNotFoundException') : { queryId: 'q' }),
    });
    expect((await search()).answer.errorMessage).toContain('the invocation log bedrock-log is gone');
  });

  test('leaves out what an exception allows today, and tells of what one allowed until yesterday', async () => {
    aws.answer(insights(groups => (groups.includes('bedrock-log')
      ? [callRow(assumed('batch', 'job'), 9), callRow(assumed('old', 'job'), 5)] : [logRow('chat-log', 3)])));
    const exceptions = [
      { service: 'chat', reason: 'moves in March', until: '2999-12-31' },
      { role: 'batch', reason: 'a vendor', until: '2999-12-31' },
      { role: 'old', reason: 'was to go', until: '2026-01-31' },
    ];
    const { answer, lines } = await search({ ...INPUT, exceptions });
    expect(answer.findings).toMatchObject([{ service: 'unknown', calls: 5 }]);
    expect(published()).toHaveLength(1);
    expect(counts(lines, 'BypassCount')).toEqual({ chat: 0, cart: 0, unknown: 5 });
    expect(lines.filter(({ message }) => message === 'bedrock_bypass_excepted')).toHaveLength(2);
  });

  test('whose notification fails tells the others, and fails', async () => {
    aws.answer({
      ...insights(() => [logRow('chat-log', 1), logRow('cart-log', 1)]),
      Publish: ({ Subject }: { Subject: string }) => (Subject.includes('cart') ? REFUSED : PUBLISHED),
    });
    const { answer } = await search({ ...INPUT, invocationLog: undefined });
    expect(answer.errorMessage).toContain('nobody was told of cart: AuthorizationError');
    expect(published()).toHaveLength(2);
  });

  test('called by hand without its input says how to call it', async () => {
    expect((await search({})).answer.errorMessage).toMatch(/^The event has no detector, services, exceptions\. Call the function with/);
  });
});
