import { types } from 'node:util';

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
    const errors = read(next, 'errors');
    if (Array.isArray(errors)) waiting.push(...errors);
  }
  return chain;
}

/** Whether a value is an error, of whatever realm; a proxy that refuses to be looked at is none. */
export function isError(value: unknown): value is Error {
  try {
    return value instanceof Error || types.isNativeError(value);
  } catch {
    return false;
  }
}

/** A property of something that was thrown; undefined when there is none, or when reading it fails. */
export function read(thrown: unknown, property: string): unknown {
  if (!isObject(thrown)) return undefined;
  try {
    return (thrown as Record<string, unknown>)[property];
  } catch {
    return undefined;
  }
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
    return JSON.stringify(value) ?? safeString(value);
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
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}… (${text.length} characters)`;
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
