import { EventStreamCodec } from '@smithy/eventstream-codec';

const codec = new EventStreamCodec(
  bytes => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8')),
  text => new Uint8Array(Buffer.from(text, 'utf8')),
);

/** One event of a stream, as Bedrock frames it. */
export function eventFrame(type: string, payload: object): Buffer {
  return frame({ ':message-type': 'event', ':event-type': type, ':content-type': 'application/json' }, payload);
}

/** One event whose payload is bytes, as SageMaker frames what a container sends. */
export function bytesFrame(type: string, bytes: Uint8Array): Buffer {
  return encoded({ ':message-type': 'event', ':event-type': type, ':content-type': 'application/octet-stream' }, bytes);
}

/** An error that comes after the headers said 200. */
export function exceptionFrame(type: string, payload: object): Buffer {
  return frame({ ':message-type': 'exception', ':exception-type': type, ':content-type': 'application/json' }, payload);
}

function frame(headers: Readonly<Record<string, string>>, payload: object): Buffer {
  return encoded(headers, Buffer.from(JSON.stringify(payload), 'utf8'));
}

function encoded(headers: Readonly<Record<string, string>>, body: Uint8Array): Buffer {
  return Buffer.from(codec.encode({
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { type: 'string' as const, value }])),
    body: new Uint8Array(body),
  }));
}
