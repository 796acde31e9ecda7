/** An answer of HTTP/1.1, as far as it has come. */
export interface HttpAnswer {
  readonly status: number;
  /** By name in small letters; of a header that comes twice, the first. */
  readonly headers: Readonly<Record<string, string>>;
  /** Absent while more of it is to come. */
  readonly body?: string;
}

const LINE_END = '\r\n';
const HEAD_END = '\r\n\r\n';
const BODILESS = [204, 304];

/** Reads what has come; undefined while the head is not whole. Throws an Error when it is no HTTP. */
export function readAnswer(received: Buffer, isAll: boolean): HttpAnswer | undefined {
  let start = 0;
  for (;;) {
    const end = received.indexOf(HEAD_END, start);
    if (end < 0) {
      if (isAll) throw new Error('the connection ended before an answer');
      return undefined;
    }
    const head = headOf(received.toString('latin1', start, end));
    start = end + HEAD_END.length;
    // What is only for information comes before the answer.
    if (head.status >= 200) return { ...head, body: bodyOf(head, received.subarray(start), isAll) };
  }
}

function headOf(text: string): { readonly status: number; readonly headers: Readonly<Record<string, string>> } {
  const [statusLine, ...lines] = text.split(LINE_END);
  const status = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(statusLine)?.[1];
  if (!status) throw new Error('the answer is no HTTP/1.1');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] ??= line.slice(colon + 1).trim();
  }
  return { status: Number(status), headers };
}

function bodyOf({ status, headers }: HttpAnswer, bytes: Buffer, isAll: boolean): string | undefined {
  if (BODILESS.includes(status)) return '';
  if (/\bchunked$/i.test(headers['transfer-encoding'] ?? '')) return chunksOf(bytes);
  const length = headers['content-length'];
  if (length === undefined) return isAll ? bytes.toString() : undefined;
  return bytes.length >= Number(length) ? bytes.toString('utf8', 0, Number(length)) : undefined;
}

/** Each chunk stands behind its length; the last one is empty. Undefined while one is missing. */
function chunksOf(bytes: Buffer): string | undefined {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = bytes.indexOf(LINE_END, at);
    if (lineEnd < 0) return undefined;
    const size = parseInt(bytes.toString('latin1', at, lineEnd), 16);
    if (Number.isNaN(size)) throw new Error('the answer has a chunk without a length');
    if (size === 0) return Buffer.concat(chunks).toString();
    const start = lineEnd + LINE_END.length;
    if (bytes.length < start + size + LINE_END.length) return undefined;
    chunks.push(bytes.subarray(start, start + size));
    at = start + size + LINE_END.length;
  }
}
