import { LambdaFunction } from '../../support/runtime-function';
import { GENERATIONS } from '../../support/runtime-generations';
import { emittedMetrics } from '../../support/runtime-log';

jest.setTimeout(180_000);

const CODE = `
  const cases = {
    batch: async event => ({ batchItemFailures: event.Records.filter(record => record.fail).map(({ id }) => ({ itemIdentifier: id })) }),
    nothing: async () => {},
    thrown: async () => { throw Object.assign(new Error('table is gone'), { name: 'ResourceNotFoundException' }); },
    text: async () => { throw 'a text'; },
    unhandled: async () => { Promise.reject(new Error('forgotten')); await new Promise(resolve => setTimeout(resolve, 10_000)); },
    circular: async () => { const value = {}; value.self = value; return value; },
  };
  exports.handler = event => cases[event.case](event);`;

describe.each(GENERATIONS)('an EVENT function on %s', (_name, generation) => {
  let fn: LambdaFunction;
  beforeAll(async () => {
    fn = await LambdaFunction.start({ generation, code: { 'index.js': CODE }, environment: { PLUMBLINE_KIND: 'EVENT' } });
  });
  afterAll(() => fn.stop());

  test('gives batch-item failures to the event source as they are', async () => {
    const answer = await fn.invoke({ case: 'batch', Records: [{ id: '1' }, { id: '2', fail: true }] });
    expect(answer).toMatchObject({ kind: 'response', body: '{"batchItemFailures":[{"itemIdentifier":"2"}]}' });
  });

  test('gives no result as no result', async () => expect((await fn.invoke({ case: 'nothing' })).body).toBe('null'));

  test.each([['thrown', 'ResourceNotFoundException', 'table is gone'], ['text', 'string', 'a text'], ['unhandled', 'Error', 'forgotten']])(
    'throws on what the handler throws, so that retries and dead-letter queues work: %s', async (name, errorType, errorMessage) => {
      const before = fn.output.length;
      const answer = await fn.invoke({ case: name });
      expect(answer.kind).toBe('error');
      expect(JSON.parse(answer.body)).toMatchObject({ errorType, errorMessage });
      const log = await fn.log();
      expect(log.filter(line => line.event === 'handler_error').pop()).toMatchObject({
        error_code: 'INTERNAL_ERROR', errors: [{ message: errorMessage }],
      });
      const counted = emittedMetrics(fn.output.slice(before)).filter(metric => metric.name === 'ErrorCount');
      expect(counted[0].dimensions).toEqual({ service_name: 'chat', error_code: 'INTERNAL_ERROR', environment: 'test' });
    });

  test('fails when the result cannot be serialised', async () => {
    expect(await fn.invoke({ case: 'circular' })).toMatchObject({
      kind: 'error', body: expect.stringContaining('Unable to stringify response body') as string,
    });
  });

  test('times every event under its kind', async () => {
    const before = fn.output.length;
    await fn.invoke({ case: 'nothing' });
    await fn.log();
    expect(emittedMetrics(fn.output.slice(before)).map(({ name, dimensions }) => [name, dimensions.request_type])).toEqual([
      ['EndToEndMs', 'EVENT'], ['EndToEndMs', undefined], ['EndToEndMs', undefined],
    ]);
  });
});
