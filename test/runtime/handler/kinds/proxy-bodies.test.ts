import { brotliCompressSync, deflateRawSync, gzipSync } from 'zlib';
import { success } from '../../../../runtime/node/envelope/envelope';
import { CapturedOutput } from '../../../support/runtime-output';
import { answerTo, envelopeOf } from '../support/api-call';

CapturedOutput.install();

const FAILED = {
  status: 'error', request_id: 'mine', data: null, error: { code: 'NOT_FOUND', message: 'No.', retryable: false, support_ref: 'x' },
};

describe('a proxy result', () => {
  const body = JSON.stringify(success({ id: 7 }));

  test.each([204, 304])('of status %i leaves without what it holds, unless that is an error', async statusCode => {
    expect(await answerTo({ statusCode, body: 'text' })).toMatchObject({ statusCode, body: '' });
    const result = await answerTo({ statusCode, body: JSON.stringify(FAILED) });
    expect(result.statusCode).toBe(404);
    expect(envelopeOf(result)).toEqual(FAILED);
  });

  test('may begin with a byte-order mark', async () => {
    expect(envelopeOf(await answerTo({ statusCode: 200, body: `\ufeff${body}` }))).toEqual(JSON.parse(body));
    expect(envelopeOf(await answerTo({ statusCode: 200, body: '\ufeff{"job":7}' })).data).toEqual({ job: 7 });
  });

  test('whose headers alone are larger than Lambda takes says so', async () => {
    expect(await answerTo({ statusCode: 200, headers: { 'x-large': 'x'.repeat(7_000_000) }, body })).toMatchObject({ statusCode: 413 });
  });

  test.each<[string, (text: string) => Buffer]>([
    ['gzip, br', text => brotliCompressSync(gzipSync(text))],
    ['identity', text => Buffer.from(text)],
    ['GZIP', text => gzipSync(text)],
    ['deflate', text => deflateRawSync(text)],
  ])('of several codings or of another spelling keeps its status: %s', async (coding, encode) => {
    const sent = encode(JSON.stringify(FAILED)).toString('base64');
    const given = { statusCode: 404, isBase64Encoded: true, headers: { 'content-encoding': coding }, body: sent };
    const result = await answerTo(given);
    expect(result).toMatchObject({ statusCode: 404, isBase64Encoded: true, headers: { 'content-encoding': coding.toLowerCase() } });
    // What leaves is read as what came in.
    expect(await answerTo({ ...given, body: result.body })).toEqual(result);
  });
});
