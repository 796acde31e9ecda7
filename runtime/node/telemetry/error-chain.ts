import { redacted, redactStart } from './redaction';
import { isObject, read, readList } from './thrown';

/** One error of a chain, as it is written to the log. */
export interface LoggedError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string;
  readonly http_status?: number;
  readonly aws_request_id?: string;
}

const MAX_ERRORS = 10;
const MAX_TEXT = 16_384;

/** An error with all its causes, outermost first. Takes anything that can be thrown, and never throws itself. */
export function errorChain(thrown: unknown): LoggedError[] {
  const chain: LoggedError[] = [];
  const seen = new Set<unknown>();
  const waiting: unknown[] = [thrown];
  while (waiting.length > 0 && chain.length < MAX_ERRORS) {
    const next = waiting.shift();
    if (isObject(next)) {
      if (seen.has(next)) continue;
      seen.add(next);
    }
    chain.push(describe(next));
    const cause = read(next, 'cause');
    if (cause !== undefined) waiting.push(cause);
    waiting.push(...readList(read(next, 'errors'), MAX_ERRORS));
  }
  return chain;
}

function describe(thrown: unknown): LoggedError {
  const stack = read(thrown, 'stack');
  const code = read(thrown, 'code');
  const metadata = read(thrown, '$metadata');
  const status = read(metadata, 'httpStatusCode');
  const requestId = read(metadata, 'requestId');
  return {
    name: nameOf(thrown),
    message: messageOf(thrown),
    ...(typeof stack === 'string' && { stack: shorten(stack) }),
    ...((typeof code === 'string' || typeof code === 'number') && { code: String(code) }),
    ...(typeof status === 'number' && { http_status: status }),
    ...(typeof requestId === 'string' && { aws_request_id: requestId }),
  };
}

function nameOf(thrown: unknown): string {
  const name = read(thrown, 'name');
  if (typeof name === 'string' && name) return shorten(name);
  return thrown === null ? 'null' : typeof thrown;
}

function messageOf(thrown: unknown): string {
  const message = read(thrown, 'message');
  if (typeof message === 'string') return shorten(message);
  return shorten(isObject(thrown) ? json(thrown) : safeString(thrown));
}

function json(value: unknown): string {
  try {
    return JSON.stringify(redacted(value)) ?? safeString(value);
  } catch {
    return safeString(value);
  }
}

function safeString(value: unknown): string {
  try {
    return String(value);
  } catch {
    return '(a value that cannot be shown)';
  }
}

function shorten(text: string): string {
  return text.length <= MAX_TEXT ? text : `${redactStart(text, MAX_TEXT)}… (${text.length} characters)`;
}
