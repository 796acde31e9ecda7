import { cases } from '../../../contract/vectors/log-lines.json';
import { newInvocation, withInvocation } from '../../../runtime/node/telemetry/invocation';
import { logEvent, logger, type LogLevel } from '../../../runtime/node/telemetry/log';
import { forgetSettings } from '../../../runtime/node/telemetry/settings';
import { logRecords } from '../../support/runtime-log';
import { CapturedOutput } from '../../support/runtime-output';

const output = CapturedOutput.install();
const lines = () => logRecords(output.text);

interface Case {
  readonly name: string;
  readonly level: LogLevel;
  readonly message?: unknown;
  readonly event?: string;
  readonly fields?: Record<string, unknown>;
  readonly request?: { readonly gateway?: string; readonly lambda: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly trace?: string;
  readonly line: string;
}

describe('the contract\'s cases', () => {
  const { env } = process;
  afterEach(() => {
    process.env = env;
    forgetSettings();
  });

  test.each(cases as unknown as readonly Case[])('$name', ({ level, message, event, fields, request, environment, trace, line }) => {
    process.env = { ...env, ...environment, ...trace && { _X_AMZN_TRACE_ID: trace } };
    forgetSettings();
    const log = () => event === undefined ? logger[level](message as string, fields) : logEvent(level, event, fields);
    if (request) {
      const caller = request.gateway ? { requestContext: { requestId: request.gateway } } : {};
      withInvocation(newInvocation(request.gateway ? 'API' : 'EVENT', caller, { awsRequestId: request.lambda }), log);
    } else {
      log();
    }
    expect(output.text.trimEnd().replace(/"timestamp":"[^"]*"/, '"timestamp":""')).toBe(line);
  });
});

test('every line says where it comes from', () => {
  process.env._X_AMZN_TRACE_ID = 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0';
  withInvocation(newInvocation('API', { requestContext: { requestId: 'gateway-1' } }, { awsRequestId: 'lambda-1' }), () =>
    logger.info('hello', { order: 7 }),
  );
  delete process.env._X_AMZN_TRACE_ID;
  expect(lines()).toEqual([{
    level: 'INFO',
    message: 'hello',
    timestamp: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    service_name: 'unknown',
    environment: 'unknown',
    request_id: 'gateway-1',
    function_request_id: 'lambda-1',
    xray_trace_id: '1-5bef4de7-ad49b0e87f6ef6c87fc2e700',
    fields: { order: 7 },
  }]);
});

test('outside of an invocation there is no request id, and one id is not told twice', () => {
  logger.warn('starting');
  withInvocation(newInvocation('EVENT', {}, { awsRequestId: 'lambda-1' }), () => logger.error('failed', new Error('boom')));
  expect(lines()[0]).not.toHaveProperty('request_id');
  expect(lines()[0].level).toBe('WARN');
  expect(lines()[1]).toMatchObject({ level: 'ERROR', request_id: 'lambda-1', error: { message: 'boom' } });
  expect(lines()[1]).not.toHaveProperty('function_request_id');
});

test('lines of invocations that run side by side keep their own ids', async () => {
  const run = (id: string, ms: number) => withInvocation(newInvocation('EVENT', {}, { awsRequestId: id }), async () => {
    await new Promise(resolve => setTimeout(resolve, ms));
    logger.info(id);
  });
  await Promise.all([run('one', 10), run('two', 5)]);
  expect(lines().map(({ message, request_id }) => [message, request_id])).toEqual([['two', 'two'], ['one', 'one']]);
});

test('secrets are blacked out, wherever they stand', () => {
  logger.info('calling with Bearer abcdefghijkl', {
    headers: { Authorization: 'x', accept: 'json' },
    list: [{ password: 'hunter2' }],
    key: 'AKIAIOSFODNN7EXAMPLE',
  });
  expect(output.text).not.toMatch(/abcdefghijkl|hunter2|AKIA/);
  expect(lines()[0]).toMatchObject({ message: 'calling with Bearer [redacted]' });
  expect(lines()[0].fields).toEqual({
    headers: { Authorization: '[redacted]', accept: 'json' },
    list: [{ password: '[redacted]' }],
    key: '[redacted]',
  });
});

test('an event is found by its name', () => {
  logEvent('warn', 'something_happened', { count: 1 });
  expect(output.events('something_happened')).toMatchObject([{ level: 'WARN', message: 'something_happened', count: 1 }]);
});

test('what cannot be logged is said so, and nothing is thrown', () => {
  process.env.PLUMBLINE_KIND = 'password=hunter2';
  forgetSettings();
  expect(() => logEvent('error', 'something_happened', { count: 1 })).not.toThrow();
  expect(() => logger.info('hello')).not.toThrow();
  delete process.env.PLUMBLINE_KIND;
  forgetSettings();
  expect(lines()).toMatchObject([{ level: 'ERROR', event: 'something_happened' }, { level: 'INFO', message: 'hello' }]);
  for (const { log_failed: reason } of lines()) expect(reason).toMatch(/^Environment variable value "password=\[redacted\]/);
});

test('debug lines are for who asks for them', () => {
  const fields = { get costly(): string { throw new Error('read'); } };
  const read = jest.spyOn(fields, 'costly', 'get');
  logger.debug('detail', fields);
  expect(output.text).toBe('');
  expect(read).not.toHaveBeenCalled();
});

test('a value that JSON does not know is no obstacle', () => {
  const circular: { self?: object } = {};
  circular.self = circular;
  logEvent('info', 'odd_values', { big: 1n, circular });
  expect(output.events('odd_values')).toMatchObject([{ big: '1', circular: {} }]);
});

describe('nothing that a caller sends becomes more than the fields of a line', () => {
  const metric = {
    CloudWatchMetrics: [{ Namespace: 'Shop/Bedrock', Dimensions: [[]], Metrics: [{ Name: 'InvocationCount' }] }],
    Timestamp: 1,
  };
  const forged = {
    _aws: metric,
    InvocationCount: 1,
    level: 'ERROR',
    message: 'forged',
    timestamp: '1970',
    service: 'forged',
    service_name: 'forged',
    environment: 'forged',
    request_id: 'forged',
    function_request_id: 'forged',
    xray_trace_id: 'forged',
    event: 'bedrock_call',
    support_ref: 'forged',
    error_code: 'forged',
    fields: { _aws: metric },
    error: { _aws: metric },
    sampling_rate: 1,
    toJSON: 'forged',
  };
  const lineOf = JSON.stringify(forged);
  const prototypes = '"__proto__":{"_aws":{},"event":"bedrock_call"},"constructor":{"prototype":{"_aws":{}}}';
  const json = JSON.stringify({ ...forged, line: `first\n${lineOf}\r\n\u2028${lineOf}` }).replace('{', `{${prototypes},`);
  const levels = ['info', 'warn', 'error'] as const;

  test.each<[string, (level: typeof levels[number]) => void]>([
    ['fields', level => logger[level]('order', JSON.parse(json) as Record<string, unknown>)],
    ['a message', level => logger[level](json)],
    ['a message that is no text', level => logger[level](JSON.parse(json) as string)],
    ['a message that is no text, with fields', level => logger[level](JSON.parse(json) as string, forged)],
    ['a message of several lines', level => logger[level](`order\n${json}\r${json}`)],
    ['a list', level => logger[level]('order', [forged] as unknown as Record<string, unknown>)],
    ['a text for fields', level => logger[level]('order', `\n${json}` as unknown as Record<string, unknown>)],
    ['an error', level => logger[level]('failed', Object.assign(new Error(`\n${json}`), forged))],
    ['an error of another name', level => logger[level]('failed', Object.assign(new Error('x'), { ...forged, name: '_aws' }))],
    ['an error for a message', level => logger[level](Object.assign(new Error('x'), forged) as unknown as string)],
    ['an error among the fields', level => logger[level]('failed', { _aws: Object.assign(new Error('x'), forged) })],
    ['a toJSON', level => logger[level]('order', { toJSON: () => forged })],
    ['a toJSON of a toJSON', level => logger[level]('order', { toJSON: () => ({ toJSON: () => forged }) })],
    ['a prototype', level => logger[level]('order', Object.create(forged) as Record<string, unknown>)],
    ['a proxy that was revoked', level => logger[level]('order', revoked())],
    ['fields of an event', level => logEvent(level, 'order', forged)],
  ])('not %s', (_what, write) => {
    const invocation = newInvocation('EVENT', {}, { awsRequestId: 'lambda-1' });
    for (const level of levels) withInvocation(invocation, () => write(level));
    expect(output.metrics).toEqual([]);
    const written = output.text.trimEnd().split('\n');
    expect(written).toHaveLength(levels.length);
    for (const [index, text] of written.entries()) {
      const line = JSON.parse(text) as Record<string, unknown>;
      expect(line).not.toHaveProperty('_aws');
      expect(line).toMatchObject({
        level: levels[index].toUpperCase(), service_name: 'unknown', environment: 'unknown', request_id: 'lambda-1',
      });
      expect(line).not.toMatchObject({ event: 'bedrock_call' });
      expect(String(line.timestamp)).toMatch(/^2/);
    }
  });

  test('and nothing of it is lost', () => {
    logger.info('order', JSON.parse(json) as Record<string, unknown>);
    const line = expect.stringContaining('InvocationCount') as string;
    expect(lines()[0].fields).toMatchObject({ _aws: metric, InvocationCount: 1, request_id: 'forged', line });
    expect(Object.keys(lines()[0]).sort()).toEqual(['environment', 'fields', 'level', 'message', 'service_name', 'timestamp']);
  });
});

function revoked(): Record<string, unknown> {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
