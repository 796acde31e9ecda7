import { ERROR_CODES } from '../../../../src/contract/data';
import { CapturedOutput } from '../../../support/runtime-output';
import { answerTo, envelopeOf } from '../support/api-call';

const output = CapturedOutput.install();

describe('an error that a handler answers with by itself', () => {
  test('of 4xx keeps its status, its harmless text and the headers of a failed answer; the log has an excerpt', async () => {
    const result = await answerTo({
      statusCode: 404,
      headers: { 'X-Debug': 'trace', 'Retry-After': '7', 'ETag': 'x', 'Content-Type': 'application/json; charset=x' },
      body: '{"message":"No such order.","trace":"password=hunter2"}',
    });
    expect(result.statusCode).toBe(404);
    expect(result.headers).toEqual({ 'Retry-After': '7', 'content-type': 'application/json' });
    expect(envelopeOf(result)).toMatchObject({ status: 'error', data: null, error: { code: 'NOT_FOUND', message: 'No such order.' } });
    const { support_ref } = envelopeOf(result).error!;
    expect(output.events('envelope_violation')).toMatchObject([
      { level: 'WARN', status_code: 404, reason: 'error body is no envelope', body: expect.stringContaining('[redacted]') as string },
    ]);
    expect(output.events('handler_error')).toMatchObject([{ support_ref, error_code: 'NOT_FOUND' }]);
    expect(output.metrics.some(({ dimensions }) => dimensions.error_code === 'NOT_FOUND')).toBe(true);
  });

  test('of 4xx that is an error with its stack tells its code, and the log the rest', async () => {
    const stack = 'Error: x\n    at handler (/var/task/index.js:10:5)';
    const result = await answerTo({ statusCode: 404, body: JSON.stringify({ message: 'No such order.', stack }) });
    expect(envelopeOf(result).error).toMatchObject({ code: 'NOT_FOUND', message: ERROR_CODES.codes.NOT_FOUND.message });
    expect(JSON.stringify(output.events('envelope_violation'))).toContain('index.js:10:5');
  });

  test('of 4xx whose fields throw is answered all the same', async () => {
    const body = Object.defineProperty({}, 'message', { get: () => { throw new Error('secret'); }, enumerable: true });
    expect(envelopeOf(await answerTo({ statusCode: 404, body })).error).toMatchObject({ code: 'NOT_FOUND' });
  });
});
