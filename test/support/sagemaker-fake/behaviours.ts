import { EVENT_STREAM_TYPE, JPEG_BYTES, modelAnswer, streamedAnswer, type FakeModel, type ModelRequest } from './answers';
import { modelError, sendError, serviceError, type ServiceError } from './errors';
import { SAGEMAKER_MODELS } from '../../../src/contract/data';
import { exceptionFrame } from '../faulty-bedrock-server/event-frames';
import type { Exchange } from '../faulty-bedrock-server/exchange';

/** One invocation, and the way to answer it. */
export interface Invocation {
  readonly exchange: Exchange;
  readonly endpoint: string;
  readonly model: FakeModel;
  readonly request: ModelRequest;
  readonly streams: boolean;
}

type Behaviour = (invocation: Invocation) => void | Promise<void>;

const DRIP_MS = 40;
/** What the container of Stable Diffusion may answer at most, by its own `MMS_MAX_RESPONSE_SIZE`. */
const MOST_BYTES = Number(SAGEMAKER_MODELS.models['model-txt2img-stabilityai-stable-diffusion-v2'].environment.MMS_MAX_RESPONSE_SIZE);
const MAX_DRIPS = 2_000;
const TIMED_OUT = 'Your invocation timed out while waiting for a response from container primary. '
  + 'Review the latency metrics for each container';
const NO_CAPACITY = 'Inference Component has no capacity to process this request. ApplicationAutoScaling may be in-progress '
  + '(if configured) or try to increase the capacity by invoking UpdateInferenceComponentRuntimeConfig API.';
const NO_WORKER = '{"code": 503, "type": "ServiceUnavailableException", "message": "No worker is available to serve request"}';
const VARIANT = { 'x-amzn-requestid': 'fake', 'x-amzn-invoked-production-variant': 'AllTraffic' };

function fails(error: (invocation: Invocation) => ServiceError): Behaviour {
  return invocation => sendError(invocation.exchange, error(invocation));
}

function ofService(status: number, type: string, message?: string): Behaviour {
  return fails(() => serviceError(status, type, message));
}

function ofModel(status: number, message: string): Behaviour {
  return fails(({ endpoint }) => modelError(endpoint, status, message));
}

async function good(invocation: Invocation): Promise<void> {
  if (invocation.streams) return stream(invocation);
  const { exchange, model, request } = invocation;
  whole(exchange, modelAnswer(model, request).body);
}

function whole(exchange: Exchange, body: Buffer, contentType = 'application/json'): void {
  exchange.head(200, { ...VARIANT, 'content-type': contentType, 'content-length': String(body.length) });
  exchange.end(body);
}

/** The same, with spaces for what is missing: a server may put them wherever JSON takes them. */
function filled(body: Buffer, bytes: number): Buffer {
  const at = body.indexOf('[') + 1;
  return Buffer.concat([body.subarray(0, at), Buffer.alloc(Math.max(0, bytes - body.length), ' '), body.subarray(at)]);
}

/** Good parts; with a fault only the first of them, and the fault. */
async function stream({ exchange, request }: Invocation, fault?: () => void): Promise<void> {
  const [first, ...rest] = streamedAnswer(request);
  exchange.head(200, { ...VARIANT, 'content-type': EVENT_STREAM_TYPE, 'x-amzn-sagemaker-content-type': 'text/event-stream' });
  if (!await exchange.write(first)) return;
  if (fault) return fault();
  for (const part of rest) if (!await exchange.write(part)) return;
  exchange.end();
}

/** Half of a good answer whose whole length is promised, or the first part of a stream. */
function afterHalf(then: (exchange: Exchange) => void): Behaviour {
  return async invocation => {
    const { exchange, model, request, streams } = invocation;
    if (streams) return stream(invocation, () => then(exchange));
    const { body } = modelAnswer(model, request);
    exchange.head(200, { ...VARIANT, 'content-type': 'application/json', 'content-length': String(body.length) });
    if (await exchange.write(body.subarray(0, Math.ceil(body.length / 2)))) then(exchange);
  };
}

function exceptionInStream(type: string, members: object): Behaviour {
  return invocation => stream(invocation, () => invocation.exchange.end(exceptionFrame(type, members)));
}

/** By name, as a plan lists them. */
export const BEHAVIOURS = {
  'ok': good,
  'largest': ({ exchange, model, request }) => whole(exchange, filled(modelAnswer(model, request).body, MOST_BYTES)),
  'slow': async invocation => { if (await invocation.exchange.pause(10 * DRIP_MS)) await good(invocation); },
  'black': async invocation => good({ ...invocation, request: { ...invocation.request, black: true } }),

  // What a container, a proxy or the network makes of an answer.
  'malformed': ({ exchange }) => whole(exchange, Buffer.from('{"generated_images": [[[[12, 34], "generated_text')),
  'wrong-shape': ({ exchange }) => whole(exchange, Buffer.from('{"outputs": {"images": []}}')),
  'ragged': ({ exchange }) => whole(exchange, Buffer.from('{"generated_images": [[[[1, 2, 3], [4, 5, 6]], [[7, 8, 9]]]]}')),
  'page': ({ exchange }) => whole(exchange, Buffer.from('<html><body>A proxy</body></html>'), 'text/html'),
  'jpeg-bytes': ({ exchange }) => whole(exchange, JPEG_BYTES, 'application/x-image'),
  'empty': ({ exchange }) => whole(exchange, Buffer.alloc(0)),
  'no-answer': () => undefined,
  'reset': ({ exchange }) => exchange.reset(),
  'cut-off': afterHalf(exchange => exchange.reset()),
  'closed-early': afterHalf(exchange => exchange.close()),
  'stall': afterHalf(() => undefined),
  'drip': async ({ exchange }) => {
    exchange.head(200, { ...VARIANT, 'content-type': 'application/json' });
    for (let count = 0; count < MAX_DRIPS && await exchange.pause(DRIP_MS); count += 1) if (!await exchange.write(Buffer.from(' '))) return;
  },

  // What the service itself says.
  'throttle': ofService(400, 'ThrottlingException', 'Rate exceeded'),
  'unavailable': ofService(503, 'ServiceUnavailable'),
  'internal': ofService(500, 'InternalFailure'),
  'dependency': ofService(530, 'InternalDependencyException'),
  'not-ready': ofService(429, 'ModelNotReadyException'),
  'validation': ofService(400, 'ValidationError'),
  'no-capacity': ofService(400, 'ValidationError', NO_CAPACITY),
  'access-denied': ofService(403, 'AccessDeniedException'),

  // What the container says, wrapped by the service.
  'model-error': ofModel(500, "{'code': 500, 'type': 'InternalServerException', 'message': 'CUDA out of memory'}"),
  'model-overloaded': ofModel(429, '{"error":"Model is overloaded","error_type":"overloaded"}'),
  'model-no-worker': ofModel(503, NO_WORKER),
  'model-refused': ofModel(400, '{"error": "bad request"}'),
  'model-timeout': ofModel(0, TIMED_OUT),

  // What comes after a stream began well.
  'stream-model-error': exceptionInStream('ModelStreamError', { Message: 'The model broke off', ErrorCode: 'StreamBroken' }),
  'stream-timeout': exceptionInStream('ModelStreamError', { Message: 'The model took too long', ErrorCode: 'ModelInvocationTimeExceeded' }),
  'stream-internal': exceptionInStream('InternalStreamFailure', { Message: 'InternalStreamFailure by order of the test' }),
} satisfies Readonly<Record<string, Behaviour>>;

export type BehaviourName = keyof typeof BEHAVIOURS;
