import * as http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { ContainerError, type FakeModel } from './answers';
import { type BehaviourName, BEHAVIOURS } from './behaviours';
import { modelError, sendError, serviceError, unknownEndpoint } from './errors';
import { type Exchange, exchangeOf } from '../faulty-bedrock-server/exchange';

/** One invocation that came in. */
export interface SeenInvocation {
  readonly endpoint: string;
  readonly operation: 'invocations' | 'invocations-response-stream' | 'async-invocations';
  readonly behaviour: BehaviourName;
  readonly headers: http.IncomingHttpHeaders;
  /** JSON, or undefined where nothing or something else was sent. */
  readonly input: any;
}

const PATH = /^\/endpoints\/([^/]+)\/(invocations|invocations-response-stream|async-invocations)$/;
const MAX_BODY_BYTES = 25 * 1024 * 1024;
const KEEP_ALIVE_MS = 600_000;
const MAX_INLINE_BYTES = 128_000;

/**
 * SageMaker's invocation of endpoints over real HTTP: the three operations as the SDK's model describes them, with the models of the two
 * platforms behind them. Give its address as `AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME`. It signs for nobody and stores nothing.
 */
export class SageMakerFake {
  /** The endpoints by name, and which model each of them serves. */
  public static async start(endpoints: Readonly<Record<string, FakeModel>>): Promise<SageMakerFake> {
    const fake = new SageMakerFake(endpoints);
    await new Promise<void>(resolve => fake.server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  public readonly seen: SeenInvocation[] = [];
  private readonly server: http.Server;
  private readonly sockets = new Set<Socket>();
  private plan: readonly BehaviourName[] = ['ok'];

  private constructor(private readonly endpoints: Readonly<Record<string, FakeModel>>) {
    this.server = http.createServer((request, response) => void this.receive(request, response));
    // SageMaker keeps idle connections far longer than Node's five seconds.
    this.server.keepAliveTimeout = KEEP_ALIVE_MS;
    this.server.on('connection', socket => {
      this.sockets.add(socket);
      socket.on('error', () => undefined).once('close', () => this.sockets.delete(socket));
    });
  }

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From now on: one behaviour after the other, the last one for good. Forgets what was seen. */
  public play(...plan: readonly [BehaviourName, ...BehaviourName[]]): void {
    this.plan = plan;
    this.seen.length = 0;
  }

  public async stop(): Promise<void> {
    this.sockets.forEach(socket => socket.destroy());
    await new Promise(resolve => this.server.close(resolve));
  }

  private async receive(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    try {
      for await (const part of request) parts.push(part as Buffer);
    } catch {
      return; // The caller has gone.
    }
    const exchange = exchangeOf(request, response, request.url ?? '/');
    const [, name, operation] = PATH.exec(exchange.path) ?? [];
    if (operation === undefined || request.method !== 'POST') return sendError(exchange, serviceError(404, 'UnknownOperationException'));
    await this.invoke(exchange, {
      endpoint: decodeURIComponent(name),
      operation: operation as SeenInvocation['operation'],
      behaviour: this.plan[Math.min(this.seen.length, this.plan.length - 1)],
      headers: request.headers,
      input: tryJson(Buffer.concat(parts)),
    }, Buffer.concat(parts));
  }

  private async invoke(exchange: Exchange, invocation: SeenInvocation, body: Buffer): Promise<void> {
    this.seen.push(invocation);
    const { endpoint, operation, behaviour, headers, input } = invocation;
    const model = this.endpoints[endpoint];
    if (model === undefined) return sendError(exchange, unknownEndpoint(endpoint));
    if (body.length > MAX_BODY_BYTES) return sendError(exchange, serviceError(413, 'PayloadTooLargeException'));
    if (operation === 'async-invocations') return this.accept(exchange, invocation, body);
    const streams = operation === 'invocations-response-stream';
    const accept = headers[streams ? 'x-amzn-sagemaker-accept' : 'accept'] as string | undefined;
    try {
      await BEHAVIOURS[behaviour]({ exchange, endpoint, model, request: { input, accept }, streams });
    } catch (error) {
      if (!(error instanceof ContainerError)) throw error;
      sendError(exchange, modelError(endpoint, error.status, error.body));
    }
  }

  /** What an asynchronous endpoint says at once: where the answer, or the failure, will be. */
  private accept(exchange: Exchange, { endpoint, headers, behaviour }: SeenInvocation, body: Buffer): void {
    const failing: BehaviourName[] = ['throttle', 'unavailable', 'internal', 'validation', 'access-denied', 'no-answer', 'reset'];
    if (failing.includes(behaviour)) return void (BEHAVIOURS[behaviour] as (given: object) => void)({ exchange, endpoint });
    const location = headers['x-amzn-sagemaker-inputlocation'];
    if ((location === undefined) === (body.length === 0)) {
      return sendError(exchange, serviceError(400, 'ValidationError', 'Provide exactly one of InputLocation and Body.'));
    }
    if (body.length > MAX_INLINE_BYTES) {
      return sendError(exchange, serviceError(400, 'ValidationError', `Body is longer than ${MAX_INLINE_BYTES} bytes.`));
    }
    const id = String(headers['x-amzn-sagemaker-inference-id'] ?? `inference-${this.seen.length}`);
    exchange.head(202, {
      'content-type': 'application/json',
      'x-amzn-sagemaker-outputlocation': `s3://fake-output/${endpoint}/${id}.out`,
      'x-amzn-sagemaker-failurelocation': `s3://fake-output/${endpoint}/${id}-error.out`,
    });
    exchange.end(Buffer.from(JSON.stringify({ InferenceId: id })));
  }
}

function tryJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
