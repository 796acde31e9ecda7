import { newInvocation, withInvocation } from '../../../runtime/node/telemetry/invocation';
import { logEvent, logger } from '../../../runtime/node/telemetry/log';
import { logRecords } from '../../support/runtime-log';
import { CapturedOutput } from '../../support/runtime-output';

const output = CapturedOutput.install();
const lines = () => logRecords(output.text);

test('every line says where it comes from', () => {
  process.env._X_AMZN_TRACE_ID = 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0';
  withInvocation(newInvocation('API', { requestContext: { requestId: 'gateway-1' } }, { awsRequestId: 'lambda-1' }), () => logger.info('hello', { order: 7 }));
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
    order: 7,
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
  logger.info('calling with Bearer abcdefghijkl', { headers: { Authorization: 'x', accept: 'json' }, list: [{ password: 'hunter2' }], key: 'AKIAIOSFODNN7EXAMPLE' });
  expect(output.text).not.toMatch(/abcdefghijkl|hunter2|AKIA/);
  expect(lines()[0]).toMatchObject({ headers: { Authorization: '[redacted]', accept: 'json' }, list: [{ password: '[redacted]' }], key: '[redacted]' });
});

test('an event is found by its name', () => {
  logEvent('warn', 'something_happened', { count: 1 });
  expect(output.events('something_happened')).toMatchObject([{ level: 'WARN', message: 'something_happened', count: 1 }]);
});

test('what cannot be logged is said so, and nothing is thrown', () => {
  const hostile = { get field(): string { throw new Error('no'); } };
  expect(() => logEvent('error', 'something_happened', { hostile })).not.toThrow();
  expect(output.events('something_happened')).toMatchObject([{ level: 'ERROR', log_failed: 'no' }]);
});

test('debug lines are for who asks for them', () => {
  logger.debug('detail');
  expect(output.text).toBe('');
});

test('a value that JSON does not know is no obstacle', () => {
  const circular: { self?: object } = {};
  circular.self = circular;
  logEvent('info', 'odd_values', { big: 1n, circular });
  expect(output.events('odd_values')).toMatchObject([{ big: '1' }]);
});
