import type * as nodeZlib from 'node:zlib';

interface Limits {
  readonly maxOutputLength: number;
}

interface Coding {
  decode(bytes: Buffer, options: Limits): Buffer;
  encode(bytes: Buffer): Buffer;
}

const CODINGS: ReadonlyMap<string, Coding> = new Map<string, Coding>([
  ['gzip', { decode: gunzip, encode: gzip }],
  ['x-gzip', { decode: gunzip, encode: gzip }],
  ['deflate', { decode: inflate, encode: bytes => zlib().deflateSync(bytes) }],
  ['br', { decode: (bytes, options) => zlib().brotliDecompressSync(bytes, options), encode: brotli }],
  ['identity', { decode: bytes => bytes, encode: bytes => bytes }],
]);
/** More are no answer but an attempt. */
const MAX_CODINGS = 4;
/** No answer that is read may fill the memory of the function. */
const MAX_DECODED_BYTES = 64 * 1024 * 1024;

/** Bytes without their compression, be it in one coding or several; undefined where they are not compressed in this way. */
export function tryDecompress(bytes: Buffer, encoding: string): Buffer | undefined {
  const names = namesOf(encoding);
  if (names.length > MAX_CODINGS || !names.every(name => CODINGS.has(name))) return undefined;
  try {
    return names.reduceRight<Buffer>((decoded, name) => CODINGS.get(name)!.decode(decoded, { maxOutputLength: MAX_DECODED_BYTES }), bytes);
  } catch {
    return undefined;
  }
}

/** A text in base64, compressed as it was before. */
export function compress(text: string, encoding: string): string {
  return namesOf(encoding).reduce<Buffer>((bytes, name) => CODINGS.get(name)!.encode(bytes), Buffer.from(text)).toString('base64');
}

/** In the order in which they were applied. */
function namesOf(encoding: string): string[] {
  return encoding.split(',').map(name => name.trim().toLowerCase());
}

function gunzip(bytes: Buffer, options: Limits): Buffer {
  return zlib().gunzipSync(bytes, options);
}

function gzip(bytes: Buffer): Buffer {
  return zlib().gzipSync(bytes);
}

/** Half of the world leaves out the frame around it that HTTP asks for. */
function inflate(bytes: Buffer, options: Limits): Buffer {
  try {
    return zlib().inflateSync(bytes, options);
  } catch {
    return zlib().inflateRawSync(bytes, options);
  }
}

/** As good as gzip, and not a hundred times slower than it. */
function brotli(bytes: Buffer): Buffer {
  const { brotliCompressSync, constants } = zlib();
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } });
}

/** Loaded with the first answer that is compressed: it takes milliseconds. */
function zlib(): typeof nodeZlib {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it with the function
  return require('node:zlib') as typeof nodeZlib;
}
