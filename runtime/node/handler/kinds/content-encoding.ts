import { brotliCompressSync, brotliDecompressSync, constants, deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';

interface Coding {
  decode(bytes: Buffer, options: { maxOutputLength: number }): Buffer;
  encode(text: string): Buffer;
}

/** As good as gzip, and not a hundred times slower than it. */
const BROTLI_QUALITY = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
const CODINGS: ReadonlyMap<string, Coding> = new Map<string, Coding>([
  ['gzip', { decode: gunzipSync, encode: gzipSync }],
  ['x-gzip', { decode: gunzipSync, encode: gzipSync }],
  ['deflate', { decode: inflateSync, encode: deflateSync }],
  ['br', { decode: brotliDecompressSync, encode: text => brotliCompressSync(text, BROTLI_QUALITY) }],
]);
/** No answer that is read may fill the memory of the function. */
const MAX_DECODED_BYTES = 64 * 1024 * 1024;

/** Bytes without their compression; undefined where they are not compressed in this way. */
export function tryDecompress(bytes: Buffer, coding: string): Buffer | undefined {
  try {
    return CODINGS.get(coding)?.decode(bytes, { maxOutputLength: MAX_DECODED_BYTES });
  } catch {
    return undefined;
  }
}

/** A text in base64, compressed as it was before. */
export function compress(text: string, coding: string): string {
  return CODINGS.get(coding)!.encode(text).toString('base64');
}
