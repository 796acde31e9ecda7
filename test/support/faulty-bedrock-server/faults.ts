import { EVENT_STREAM_TYPE, goodAnswer, hugeMessage, isStream } from './answers';
import { exceptionFrame } from './event-frames';
import type { Exchange } from './exchange';

export type Fault = (exchange: Exchange) => void | Promise<void>;

const DRIP_MS = 40;
/** Nothing here runs for ever, even when a client does. */
const MAX_DRIPS = 5_000;
const HUGE_BYTES = 24 * 1024 * 1024;
const HTML = '<html><body>A proxy, not Bedrock</body></html>';
const SKEW_MS = 3_600_000;
const SKEW_TOLERANCE_MS = 300_000;

function failure(status: number, type: string, headers: Readonly<Record<string, string>> = {}): Fault {
  return exchange => {
    exchange.head(status, { 'content-type': 'application/json', 'x-amzn-errortype': type, 'x-amzn-requestid': 'fault', ...headers });
    exchange.end(Buffer.from(JSON.stringify({ message: `${type} by order of the test` })));
  };
}

function page(status: number, contentType = 'text/html'): Fault {
  return exchange => {
    exchange.head(status, { 'content-type': contentType });
    exchange.end(Buffer.from(HTML));
  };
}

function json(status: number, body: string): Fault {
  return exchange => {
    exchange.head(status, { 'content-type': 'application/json' });
    exchange.end(Buffer.from(body));
  };
}

async function good(exchange: Exchange): Promise<void> {
  const { contentType, parts } = goodAnswer(exchange.path);
  exchange.head(200, { 'content-type': contentType, 'x-amzn-requestid': 'good' });
  for (const part of parts) if (!await exchange.write(part)) return;
  exchange.end();
}

async function lateGood(exchange: Exchange): Promise<void> {
  if (await exchange.pause(5)) await good(exchange);
}

/** Good headers and the first part of a good answer; what follows is the fault. */
function afterFirstPart(then: (exchange: Exchange) => void | Promise<void>): Fault {
  return async exchange => {
    const answer = goodAnswer(exchange.path);
    const [first] = answer.parts;
    const part = isStream(answer) ? first : first.subarray(0, Math.ceil(first.length / 2));
    const length: Record<string, string> = isStream(answer) ? {} : { 'content-length': String(first.length) };
    exchange.head(200, { 'content-type': answer.contentType, ...length });
    if (await exchange.write(part)) await then(exchange);
  };
}

function exceptionInStream(type: string): Fault {
  return afterFirstPart(exchange => exchange.end(exceptionFrame(type, { message: `${type} by order of the test` })));
}

/** Well, but for one request in so many, by chance. */
function throttledOnceIn(requests: number): Fault {
  const throttled = failure(429, 'ThrottlingException');
  return async exchange => (Math.random() * requests < 1 ? throttled(exchange) : lateGood(exchange));
}

async function drip(exchange: Exchange, next: (count: number) => boolean | Promise<boolean>, everyMs = DRIP_MS): Promise<void> {
  for (let count = 0; count < MAX_DRIPS && await exchange.pause(everyMs); count += 1) {
    if (!await next(count)) return;
  }
}

/** Right for a clock that is an hour ahead; tells its own time, so that the client can mend the difference. */
async function skewedClock(exchange: Exchange): Promise<void> {
  const stamp = String(exchange.headers['x-amz-date'] ?? '');
  const signedAt = Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  const serverNow = Date.now() + SKEW_MS;
  if (Math.abs(serverNow - signedAt) <= SKEW_TOLERANCE_MS) return good(exchange);
  return failure(403, 'InvalidSignatureException', { date: new Date(serverNow).toUTCString() })(exchange);
}

function corrupted(frame: Buffer, at: number): Buffer {
  const copy = Buffer.from(frame);
  copy[at] = (copy[at] + 1) % 256;
  return copy;
}

function secondPart(path: string): Buffer {
  return goodAnswer(path).parts[1];
}

/** By name, as it stands in a path, a header, or the control endpoint. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  'ok': good,
  'late-ok': lateGood,
  'slow-start': async exchange => { if (await exchange.pause(3 * DRIP_MS)) await good(exchange); },
  'huge-answer': exchange => {
    const { contentType, parts } = hugeMessage(HUGE_BYTES);
    exchange.head(200, { 'content-type': contentType });
    exchange.end(parts[0]);
  },
  'slow-stream': async exchange => {
    const { contentType, parts } = goodAnswer(exchange.path);
    exchange.head(200, { 'content-type': contentType });
    for (const part of parts) if (!await exchange.pause(5 * DRIP_MS) || !await exchange.write(part)) return;
    exchange.end();
  },

  'no-answer': () => undefined,
  'empty': exchange => {
    exchange.head(200, { 'content-type': 'application/json' });
    exchange.end();
  },
  'empty-stream': exchange => {
    exchange.head(200, { 'content-type': EVENT_STREAM_TYPE });
    exchange.end();
  },
  'endless-informational': exchange => drip(exchange, () => exchange.raw('HTTP/1.1 102 Processing\r\n\r\n')),
  'slow-headers': exchange => {
    const bytes = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-slow: ${'y'.repeat(MAX_DRIPS)}`;
    return drip(exchange, count => exchange.raw(bytes.charAt(count)));
  },
  'endless-headers': exchange => {
    exchange.raw('HTTP/1.1 200 OK\r\n');
    return drip(exchange, count => exchange.raw(`x-header-${count}: ${'y'.repeat(2_000)}\r\n`), 1);
  },
  'slow-body': exchange => {
    exchange.head(200, { 'content-type': 'application/json' });
    return drip(exchange, () => exchange.write(Buffer.from(' ')));
  },
  'stall-in-body': afterFirstPart(() => undefined),
  'stall-in-stream': afterFirstPart(() => undefined),
  'stall-before-stream': exchange => exchange.head(200, { 'content-type': EVENT_STREAM_TYPE }),

  'not-http': exchange => {
    if (exchange.raw('220 mail.example ESMTP ready\r\n')) exchange.close();
    else exchange.reset();
  },
  'reset-before-answer': exchange => exchange.reset(),
  'close-before-answer': exchange => exchange.close(),
  'reset-in-body': afterFirstPart(exchange => exchange.reset()),
  'reset-in-stream': afterFirstPart(exchange => exchange.reset()),
  'close-in-stream': afterFirstPart(exchange => exchange.close()),
  'truncated-stream': afterFirstPart(exchange => {
    const part = secondPart(exchange.path);
    exchange.end(part.subarray(0, part.length - 7));
  }),
  'corrupt-frame': afterFirstPart(exchange => {
    const part = secondPart(exchange.path);
    exchange.end(corrupted(part, part.length - 10));
  }),
  'corrupt-prelude': afterFirstPart(exchange => exchange.end(corrupted(secondPart(exchange.path), 9))),
  'huge-frame': afterFirstPart(async exchange => {
    const prelude = Buffer.from(secondPart(exchange.path));
    prelude.writeUInt32BE(0xf0_00_00_00, 0);
    await exchange.write(prelude);
  }),
  'wrong-content-type': page(200),
  'not-json': page(200, 'application/json'),
  'error-with-200': failure(200, 'ThrottlingException'),
  'unknown-operation': json(200, '{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"}'),
  'blank': json(200, ' \n '),
  'nameless-429': json(429, '{}'),
  'nameless-503': json(503, ''),

  'stream-throttled': exceptionInStream('throttlingException'),
  'stream-internal-error': exceptionInStream('internalServerException'),
  'stream-unavailable': exceptionInStream('serviceUnavailableException'),
  'stream-model-error': exceptionInStream('modelStreamErrorException'),
  'stream-validation': exceptionInStream('validationException'),

  'throttle': failure(429, 'ThrottlingException'),
  'throttle-1-in-100': throttledOnceIn(100),
  'throttle-1-in-50': throttledOnceIn(50),
  'throttle-retry-after': failure(429, 'ThrottlingException', { 'retry-after': '1' }),
  'model-not-ready': failure(429, 'ModelNotReadyException'),
  'internal-error': failure(500, 'InternalServerException'),
  'bad-gateway': page(502),
  'unavailable': failure(503, 'ServiceUnavailableException'),
  'gateway-timeout': page(504),
  'model-timeout': failure(408, 'ModelTimeoutException'),

  'validation': failure(400, 'ValidationException'),
  'quota': failure(400, 'ServiceQuotaExceededException'),
  'access-denied': failure(403, 'AccessDeniedException'),
  'expired-token': failure(403, 'ExpiredTokenException'),
  'not-found': failure(404, 'ResourceNotFoundException'),
  'model-error': failure(424, 'ModelErrorException'),
  'clock-skew': skewedClock,
};
