import * as fc from 'fast-check';
import { readAnswer } from '../../../runtime/node/probe/http-answer';

const read = (text: string, isAll = false) => readAnswer(Buffer.from(text, 'latin1'), isAll);
const HEAD = 'HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nX-Amzn-ErrorType: AccessDeniedException\r\n';
const EARLY = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n';

describe('an answer', () => {
  test.each([
    ['by its length', `${HEAD}Content-Length: 4\r\n\r\nnope`],
    ['by its length, with more behind it', `${HEAD}content-length:4\r\n\r\nnope and more`],
    ['in chunks', `${HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\nno\r\n2;name=value\r\npe\r\n0\r\n\r\n`],
    ['in chunks, some of which look like an end', `${HEAD}Transfer-Encoding: gzip, Chunked\r\n\r\n4\r\nnope\r\n0\r\nTrailer: 1\r\n\r\n`],
    ['after others that are only for information', `${EARLY}${HEAD}Content-Length: 4\r\n\r\nnope`],
  ])('is read %s', (_how, text) => {
    expect(read(text)).toMatchObject({ status: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException' }, body: 'nope' });
  });

  test('without a length ends with its connection', () => {
    const text = 'HTTP/1.0 200\r\n\r\nall';
    expect(read(text)).toMatchObject({ status: 200, body: undefined });
    expect(read(text, true)).toMatchObject({ status: 200, body: 'all' });
  });

  test.each([[204], [304]])('of status %d has no body to wait for', status => {
    expect(read(`HTTP/1.1 ${status} x\r\nContent-Length: 9\r\n\r\n`)).toMatchObject({ status, body: '' });
  });

  test('in chunks holds what a chunk holds, a blank line and a zero too', () => {
    const body = '0\r\n\r\n{"__type":"AccessDeniedException"}';
    const text = `${HEAD}Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16).toUpperCase()}\r\n${body}\r\n0\r\n\r\n`;
    expect(read(text)?.body).toBe(body);
  });

  test('is the same however it is cut into pieces, and never whole before its end', () => {
    const chunked = fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { maxLength: 5 }).map(parts => {
      const chunks = parts.map(part => `${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n`).join('');
      return { body: parts.join(''), text: `${HEAD}Transfer-Encoding: chunked\r\n\r\n${chunks}0\r\n` };
    });
    const measured = fc.string({ unit: 'grapheme' }).map(body =>
      ({ body, text: `${HEAD}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}` }));
    fc.assert(fc.property(fc.oneof(chunked, measured), fc.nat(), ({ body, text }, cut) => {
      const bytes = Buffer.from(text);
      expect(readAnswer(bytes, false)).toMatchObject({ status: 403, body });
      const part = readAnswer(bytes.subarray(0, cut % bytes.length), false);
      expect(part?.body).toBeUndefined();
    }), { numRuns: 2_000 });
  });
});

describe('an answer is refused', () => {
  test.each([
    ['that is no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n\r\n'],
    ['of HTTP/2', 'HTTP/2 200\r\n\r\n'],
    ['whose chunk has no length', `${HEAD}Transfer-Encoding: chunked\r\n\r\nno\r\n`],
  ])('%s', (_what, text) => expect(() => read(text)).toThrow(/no HTTP|without a length/));

  test('that never comes', () => {
    expect(read('HTTP/1.1 20')).toBeUndefined();
    expect(() => read('HTTP/1.1 20', true)).toThrow('the connection ended before an answer');
  });
});
