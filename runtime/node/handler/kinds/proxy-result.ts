import { tryDecompress } from './content-encoding';
import { memberText } from './json-member';
import { isObject } from '../../telemetry/thrown';

/** What a function gives to API Gateway or a function URL. */
export interface ProxyResult {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly multiValueHeaders?: Record<string, readonly unknown[]>;
  readonly cookies?: readonly unknown[];
  readonly body: string;
  readonly isBase64Encoded?: boolean;
  /** Of an answer to a load balancer. */
  readonly statusDescription?: string;
}

/** A proxy result as a handler returned it: nothing of it is certain but the status. */
export interface GivenProxyResult {
  readonly statusCode: number | string;
  readonly headers?: unknown;
  readonly multiValueHeaders?: unknown;
  readonly cookies?: unknown;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
  readonly statusDescription?: unknown;
}

const PROXY_KEYS = new Set(['statusCode', 'statusDescription', 'headers', 'multiValueHeaders', 'cookies', 'body', 'isBase64Encoded']);
const FIRST_REDIRECT = 300;
const FIRST_ERROR_STATUS = 400;
const FIRST_SERVER_ERROR = 500;
/** How much of a body that is no envelope is logged. */
export const MAX_LOGGED_BODY = 2048;
/** With spaces and what else ends a line beside it. */
const LINE_BREAKS = /(?<![\s\0])[\s\0]*[\r\n\0][\s\0]*/g;
const JSON_TYPE = /^(?:application\/(?:[\w.+-]+\+)?|text\/)json$/;
const TEXT_TYPE = 'text/plain';
/** What HTTP allows for the name of a header. */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
/** HTTP allows these no body, so they can hold no envelope. */
const BODILESS = new Set([204, 205, 304]);
/** They describe the body, and the body is another one now. */
const ENTITY_HEADERS = new Set(['content-type', 'content-length', 'content-encoding', 'content-md5', 'etag', 'transfer-encoding']);

/**
 * Data may well have a field `statusCode` of its own. It is a proxy result when nothing but a proxy result's fields are there,
 * or when it looks like a failed one: an error must not pass for data.
 */
export function isProxyResult(value: unknown): value is GivenProxyResult {
  if (typeof value !== 'object' || value === null || !('statusCode' in value)) return false;
  const status = statusOf(value as GivenProxyResult);
  if (status === undefined) return false;
  return isErrorStatus(status) || 'body' in value || 'headers' in value || Object.keys(value).every(key => PROXY_KEYS.has(key));
}

export function statusOf(result: GivenProxyResult): number | undefined {
  const status = typeof result.statusCode === 'string' && /^\d{3}$/.test(result.statusCode) ? Number(result.statusCode) : result.statusCode;
  return typeof status === 'number' && Number.isInteger(status) && status >= 100 && status <= 599 ? status : undefined;
}

export function isErrorStatus(status: number): boolean {
  return status >= FIRST_ERROR_STATUS;
}

/** Whether it says that the request was wrong, and not the service. */
export function isClientError(status: number): boolean {
  return isErrorStatus(status) && !isServerError(status);
}

export function isServerError(status: number): boolean {
  return status >= FIRST_SERVER_ERROR;
}

export function isBodiless(status: number): boolean {
  return BODILESS.has(status);
}

/** A body as a value, and as the JSON it was, so that a number too large for JavaScript leaves as it came. */
export interface Body {
  readonly value: unknown;
  readonly json?: string;
  /** How it was compressed. */
  readonly coding?: string;
  /** Bytes in base64 that are no text. */
  readonly isBinary?: boolean;
}

/**
 * Whether an answer that is no envelope leaves as it is: a redirect, and what is no JSON, as a page, an image or a table. An answer
 * without a content type counts as JSON, as API Gateway takes it; JSON as it stands under `text/plain` is a type that was forgotten.
 */
export function isForeignContent(result: GivenProxyResult, status: number, body: Body): boolean {
  if (typeof (result.body ?? '') !== 'string') return false;
  if (status >= FIRST_REDIRECT || body.isBinary) return true;
  const type = headerOf(result, 'content-type')?.split(';')[0].trim().toLowerCase();
  if (!type) return result.isBase64Encoded === true && body.json === undefined && body.value !== null;
  return !JSON_TYPE.test(type) && (type !== TEXT_TYPE || !isObject(body.value));
}

/** JSON where it is JSON, else text; null when there is none. */
export function bodyOf(result: GivenProxyResult): Body {
  const { body } = result;
  if (body === undefined || body === null || body === '') return { value: null };
  if (typeof body !== 'string') return { value: body };
  return result.isBase64Encoded === true ? decoded(body, headerOf(result, 'content-encoding')) : parsed(body);
}

/** The body as it came, of a result whose body is a text or none. */
export function textOfBody({ body }: GivenProxyResult): string {
  return typeof body === 'string' ? body : '';
}

/** The JSON of an envelope's data. */
export function dataJsonOf({ json }: Body): string | undefined {
  return json === undefined ? undefined : memberText(json, 'data');
}

/** By the name in lower case and the value; of several values, all of them. */
export type HeaderFilter = (lowerCaseName: string, value: string) => boolean;

export const isAnyHeader: HeaderFilter = () => true;

/** A header that may stay with another body. */
export const isTransferHeader: HeaderFilter = name => !ENTITY_HEADERS.has(name);

/** A header that may stay with the same content, written anew. */
export const isContentHeader: HeaderFilter = name => name === 'content-type' || !ENTITY_HEADERS.has(name);

/** A header that a browser needs to show the caller an error. */
export const isCrossOriginHeader: HeaderFilter = name => name.startsWith('access-control-') || name === 'vary';

/** One value a name, in whatever case it stands: of several, the last. */
export function keepHeaders(headers: unknown, keep: HeaderFilter): Record<string, string> {
  const kept = new Map<string, [name: string, value: string]>();
  for (const [name, value] of entriesOf(headers)) {
    if (value === undefined || value === null || !keep(name.toLowerCase(), String(value))) continue;
    kept.set(name.toLowerCase(), [name, inOneLine(String(value))]);
  }
  return Object.fromEntries(kept.values());
}

export function multiValueHeaders(headers: unknown, keep: HeaderFilter): Record<string, readonly unknown[]> | undefined {
  const lists = entriesOf(headers).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  const kept = lists.filter(([name, values]) => keep(name.toLowerCase(), values.join('\n')));
  return kept.length > 0 ? Object.fromEntries(kept.map(([name, values]) => [name, values.map(headerValue)])) : undefined;
}

/** A text, or what JSON knows beside it. */
export function headerValue(value: unknown): unknown {
  return typeof value === 'string' || isObject(value) ? inOneLine(String(value)) : value;
}

/** A line break in a header's value begins another header, or another answer. */
function inOneLine(text: string): string {
  return text.replace(LINE_BREAKS, ' ');
}

export function hasHeader(result: Pick<ProxyResult, 'headers' | 'multiValueHeaders'>, name: string): boolean {
  return [...Object.keys(result.headers), ...Object.keys(result.multiValueHeaders ?? {})].some(header => header.toLowerCase() === name);
}

function parsed(text: string): Body {
  try {
    // Without the byte-order mark that files from Windows have in front.
    const json = text.trim();
    return { value: JSON.parse(json), json };
  } catch {
    return { value: text };
  }
}

/** The text in base64, compressed or not; bytes that are no text, as an image's, stay in base64. */
function decoded(body: string, encoding: string | undefined): Body {
  const bytes = Buffer.from(body, 'base64');
  const decompressed = encoding === undefined ? undefined : tryDecompress(bytes, encoding);
  const text = textOf(decompressed ?? bytes);
  if (text === undefined) return { value: body, isBinary: true };
  return { ...parsed(text), ...(decompressed && { coding: encoding!.trim().toLowerCase() }) };
}

function textOf(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : undefined;
}

/** The value of a header in either place, by its name in lower case. */
function headerOf(result: GivenProxyResult, name: string): string | undefined {
  const value = [...entriesOf(result.headers), ...entriesOf(result.multiValueHeaders)].find(([given]) => given.toLowerCase() === name)?.[1];
  return value === undefined || value === null ? undefined : String(value);
}

function entriesOf(headers: unknown): [string, unknown][] {
  const entries = typeof headers === 'object' && headers !== null && !Array.isArray(headers) ? Object.entries(headers) : [];
  return entries.filter(([name, value]) => HEADER_NAME.test(name) && typeof value !== 'symbol');
}
