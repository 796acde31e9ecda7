import type { Operation } from './commands';
import type { FaultyPorts } from '../../../support/faulty-bedrock-server/faulty-bedrock-server';

/** How far a fault lets an attempt come; the bound follows from it. */
export type Waits = 'connect' | 'read' | 'stream';

export interface FaultCase {
  readonly name: string;
  readonly fault: string;
  readonly operation: Operation;
  /** Where the server is met. */
  readonly port: keyof FaultyPorts;
  readonly waits: Waits;
  /** `success`, or the name of the error. */
  readonly outcome: string;
  readonly attempts: number;
  /** How often a stream may be silent before it ends. */
  readonly silences?: number;
  /** Keeps the machine so busy that nothing can be measured beside it, and that it needs more time than the short policy gives. */
  readonly heavy?: boolean;
}

type Details = Pick<FaultCase, 'waits' | 'outcome' | 'attempts' | 'silences' | 'heavy'> & { readonly port?: keyof FaultyPorts };

function fault(name: string, operation: Operation, byOrder: string, { port = 'http1', ...details }: Details): FaultCase {
  return { name, fault: byOrder, operation, port, ...details };
}

const TIMEOUT = { outcome: 'TimeoutError', attempts: 3 } as const;
const BROKEN = { waits: 'read', outcome: 'TimeoutError', attempts: 3 } as const;
const NO_RETRY = { waits: 'read', attempts: 1 } as const;

/** Every way of failing that the client must survive, and how it must end. A stream that began is not repeated. */
export const FAULT_CASES: readonly FaultCase[] = [
  fault('SYN unanswered', 'Converse', 'ok', { ...TIMEOUT, waits: 'connect', port: 'blackHole' }),
  fault('SYN unanswered, stream', 'ConverseStream', 'ok', { ...TIMEOUT, waits: 'connect', port: 'blackHole' }),
  fault('TLS handshake unanswered', 'Converse', 'ok', { ...TIMEOUT, waits: 'connect', port: 'silent' }),
  fault('connection refused', 'Converse', 'ok', { ...BROKEN, port: 'refused' }),
  fault('accepts, never answers', 'Converse', 'no-answer', { ...TIMEOUT, waits: 'read' }),
  fault('accepts, never answers, TLS', 'InvokeModel', 'no-answer', { ...TIMEOUT, waits: 'read', port: 'tls' }),
  fault('accepts, never answers, stream', 'ConverseStream', 'no-answer', { ...TIMEOUT, waits: 'read' }),
  fault('endless 1xx answers', 'Converse', 'endless-informational', { ...TIMEOUT, waits: 'read' }),
  fault('headers byte by byte', 'Converse', 'slow-headers', { ...TIMEOUT, waits: 'read' }),
  fault('headers without end', 'Converse', 'endless-headers', BROKEN),
  fault('body byte by byte', 'Converse', 'slow-body', { ...TIMEOUT, waits: 'read' }),
  fault('stall in mid body', 'InvokeModel', 'stall-in-body', { ...TIMEOUT, waits: 'read' }),
  fault('stall in mid body, TLS', 'InvokeModel', 'stall-in-body', { ...TIMEOUT, waits: 'read', port: 'tls' }),
  fault('stall before the first event', 'ConverseStream', 'stall-before-stream', { ...TIMEOUT, waits: 'read' }),
  fault('stall in mid stream', 'ConverseStream', 'stall-in-stream', { waits: 'stream', outcome: 'TimeoutError', attempts: 1 }),
  fault('stall in mid stream, InvokeModel', 'InvokeModelWithResponseStream', 'stall-in-stream', {
    waits: 'stream',
    outcome: 'TimeoutError',
    attempts: 1,
  }),
  fault('answer is not HTTP', 'Converse', 'not-http', BROKEN),
  fault('reset before the answer', 'Converse', 'reset-before-answer', BROKEN),
  fault('closed before the answer', 'Converse', 'close-before-answer', BROKEN),
  fault('reset in mid body', 'InvokeModel', 'reset-in-body', BROKEN),
  fault('reset in mid stream', 'ConverseStream', 'reset-in-stream', { ...NO_RETRY, outcome: 'TimeoutError' }),
  fault('closed in mid stream', 'ConverseStream', 'close-in-stream', { ...NO_RETRY, outcome: 'TimeoutError' }),
  fault('stream truncated in a frame', 'ConverseStream', 'truncated-stream', { ...NO_RETRY, outcome: 'Error' }),
  fault('corrupt frame', 'ConverseStream', 'corrupt-frame', { ...NO_RETRY, outcome: 'Error' }),
  fault('corrupt frame prelude', 'ConverseStream', 'corrupt-prelude', { ...NO_RETRY, outcome: 'Error' }),
  fault('frame that claims 4 GB', 'ConverseStream', 'huge-frame', { ...NO_RETRY, outcome: 'UnreadableStreamError' }),
  fault('HTML instead of events', 'ConverseStream', 'wrong-content-type', { ...NO_RETRY, outcome: 'UnreadableStreamError' }),
  fault('HTML instead of JSON', 'Converse', 'wrong-content-type', { ...NO_RETRY, outcome: 'SyntaxError' }),
  fault('HTML called JSON', 'Converse', 'not-json', { ...NO_RETRY, outcome: 'SyntaxError' }),
  fault('200 with nothing in it', 'Converse', 'empty', { waits: 'read', outcome: 'ServiceUnavailableException', attempts: 3 }),
  fault('200 with nothing in it, InvokeModel', 'InvokeModel', 'empty', {
    waits: 'read',
    outcome: 'ServiceUnavailableException',
    attempts: 3,
  }),
  fault('a stream with nothing in it', 'ConverseStream', 'empty-stream', {
    waits: 'read',
    outcome: 'ServiceUnavailableException',
    attempts: 3,
  }),
  fault('throttled', 'Converse', 'throttle', { waits: 'read', outcome: 'ThrottlingException', attempts: 3 }),
  fault('throttled, told when to retry', 'Converse', 'throttle-retry-after', {
    waits: 'read',
    outcome: 'ThrottlingException',
    attempts: 3,
  }),
  fault('throttled once, then well', 'Converse', 'throttle,ok', { waits: 'read', outcome: 'success', attempts: 2 }),
  fault('model not ready', 'InvokeModel', 'model-not-ready', { waits: 'read', outcome: 'ModelNotReadyException', attempts: 3 }),
  fault('500', 'Converse', 'internal-error', { waits: 'read', outcome: 'InternalServerException', attempts: 3 }),
  fault('502 with a page', 'Converse', 'bad-gateway', { waits: 'read', outcome: 'ServiceUnavailableException', attempts: 3 }),
  fault('503', 'ConverseStream', 'unavailable', { waits: 'read', outcome: 'ServiceUnavailableException', attempts: 3 }),
  fault('504 with a page', 'InvokeModel', 'gateway-timeout', { waits: 'read', outcome: 'ServiceUnavailableException', attempts: 3 }),
  fault('model timeout', 'InvokeModel', 'model-timeout', { waits: 'read', outcome: 'ModelTimeoutException', attempts: 3 }),
  fault('hangs twice, then well', 'Converse', 'no-answer,no-answer,ok', { waits: 'read', outcome: 'success', attempts: 3 }),
  fault('exception event: throttling', 'ConverseStream', 'stream-throttled', { ...NO_RETRY, outcome: 'ThrottlingException' }),
  fault('exception event: internal error', 'ConverseStream', 'stream-internal-error', { ...NO_RETRY, outcome: 'InternalServerException' }),
  fault('exception event: model error', 'InvokeModelWithResponseStream', 'stream-model-error', {
    ...NO_RETRY,
    outcome: 'ModelStreamErrorException',
  }),
  fault('exception event: validation', 'ConverseStream', 'stream-validation', { ...NO_RETRY, outcome: 'ValidationException' }),
  fault('clock skew of an hour', 'Converse', 'clock-skew', { waits: 'read', outcome: 'success', attempts: 2 }),
  fault('validation error', 'Converse', 'validation', { ...NO_RETRY, outcome: 'ValidationException' }),
  fault('quota of a resource', 'InvokeModel', 'quota', { ...NO_RETRY, outcome: 'ServiceQuotaExceededException' }),
  fault('access denied', 'Converse', 'access-denied', { ...NO_RETRY, outcome: 'AccessDeniedException' }),
  fault('expired token', 'Converse', 'expired-token', { ...NO_RETRY, outcome: 'ExpiredTokenException' }),
  fault('not found', 'Converse', 'not-found', { ...NO_RETRY, outcome: 'ResourceNotFoundException' }),
  fault('model error', 'InvokeModel', 'model-error', { ...NO_RETRY, outcome: 'ModelErrorException' }),
  fault('answer of 24 MB', 'Converse', 'huge-answer', { heavy: true, waits: 'read', outcome: 'success', attempts: 1 }),
  fault('slow but living stream', 'ConverseStream', 'slow-stream', { waits: 'stream', silences: 10, outcome: 'success', attempts: 1 }),
  fault('two-way: SYN unanswered', 'InvokeModelWithBidirectionalStream', 'ok', {
    waits: 'connect',
    outcome: 'TimeoutError',
    attempts: 1,
    port: 'blackHole',
  }),
  fault('two-way: TLS handshake unanswered', 'InvokeModelWithBidirectionalStream', 'ok', {
    waits: 'connect',
    outcome: 'TimeoutError',
    attempts: 1,
    port: 'silent',
  }),
  fault('two-way: never answers', 'InvokeModelWithBidirectionalStream', 'no-answer', {
    waits: 'stream',
    outcome: 'TimeoutError',
    attempts: 1,
    port: 'h2c',
  }),
  fault('two-way: stall in mid stream', 'InvokeModelWithBidirectionalStream', 'stall-in-stream', {
    waits: 'stream',
    outcome: 'TimeoutError',
    attempts: 1,
    port: 'h2c',
  }),
  fault('two-way: reset in mid stream', 'InvokeModelWithBidirectionalStream', 'reset-in-stream', {
    ...NO_RETRY,
    outcome: 'TimeoutError',
    port: 'h2c',
  }),
  fault('two-way: closed in mid stream', 'InvokeModelWithBidirectionalStream', 'close-in-stream', {
    ...NO_RETRY,
    outcome: 'TimeoutError',
    port: 'h2c',
  }),
  fault('two-way: truncated in a frame', 'InvokeModelWithBidirectionalStream', 'truncated-stream', {
    ...NO_RETRY,
    outcome: 'Error',
    port: 'h2c',
  }),
  fault('two-way: reset before the answer', 'InvokeModelWithBidirectionalStream', 'reset-before-answer', {
    ...NO_RETRY,
    outcome: 'TimeoutError',
    port: 'h2c',
  }),
  fault('two-way: closed before the answer', 'InvokeModelWithBidirectionalStream', 'close-before-answer', {
    ...NO_RETRY,
    outcome: 'TimeoutError',
    port: 'h2c',
  }),
  fault('two-way: throttled', 'InvokeModelWithBidirectionalStream', 'throttle', {
    ...NO_RETRY,
    outcome: 'ThrottlingException',
    port: 'h2c',
  }),
  fault('two-way: refused', 'InvokeModelWithBidirectionalStream', 'ok', { ...NO_RETRY, outcome: 'TimeoutError', port: 'refused' }),
  fault('two-way: well', 'InvokeModelWithBidirectionalStream', 'ok', { ...NO_RETRY, outcome: 'success', port: 'tls' }),
];
