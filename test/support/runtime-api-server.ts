import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'http';
import type { AddressInfo } from 'net';

/** By what a path of the Runtime API ends with. */
const ENDINGS = { response: '/response', initError: '/init/error', restoreError: '/restore/error', error: '/error' } as const;

/** How an invocation, an init or a restore ended, as Lambda's service sees it. */
export interface RuntimeAnswer {
  readonly kind: keyof typeof ENDINGS;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
  /** What a streaming function sends after its body. */
  readonly trailers: Record<string, string | undefined>;
  readonly streaming: boolean;
  readonly errorType?: string;
}

interface Pending {
  readonly id: string;
  readonly event: unknown;
  readonly timeoutMs: number;
  readonly settle: (answer: RuntimeAnswer) => void;
}

/** Lambda's limit of a buffered response. */
const MAX_RESPONSE_BYTES = 6_291_556;
const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:123456789012:function:under-test';

/** Lambda's side of the Runtime API: hands out events, takes answers. */
export class RuntimeApiServer {
  public static async start(): Promise<RuntimeApiServer> {
    const api = new RuntimeApiServer();
    await new Promise<void>(resolve => api.server.listen(0, '127.0.0.1', resolve));
    return api;
  }

  /** Settles when the function reports that it could not start, or not after a restore. */
  public readonly startError: Promise<RuntimeAnswer>;
  /** Settles when the function is ready for its snapshot; calling what it settles with restores it. */
  public readonly snapshot: Promise<() => void>;
  private readonly server: Server;
  private readonly queue: Pending[] = [];
  private readonly running = new Map<string, Pending>();
  /** Several, where the function serves several invocations at once. */
  private readonly waiting: ServerResponse[] = [];
  private reportStartError!: (answer: RuntimeAnswer) => void;
  private reportSnapshot!: (restore: () => void) => void;
  private count = 0;

  private constructor() {
    this.startError = new Promise(resolve => { this.reportStartError = resolve; });
    this.snapshot = new Promise(resolve => { this.reportSnapshot = resolve; });
    this.server = createServer((request, response) => void this.handle(request, response));
  }

  public get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public invoke(event: unknown, timeoutMs = 30_000): Promise<RuntimeAnswer> {
    this.count += 1;
    const id = `00000000-0000-4000-8000-${String(this.count).padStart(12, '0').replace(/0/g, 'a')}`;
    return new Promise(settle => {
      this.queue.push({ id, event, timeoutMs, settle });
      this.dispatch();
    });
  }

  public close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    if (path.endsWith('/invocation/next')) {
      this.waiting.push(response);
      response.on('close', () => this.forget(response));
      this.dispatch();
      return;
    }
    if (path.endsWith('/restore/next')) {
      this.reportSnapshot(() => response.writeHead(200).end());
      return;
    }
    const body = await text(request);
    const answer = this.answerOf(path, body, request);
    const tooLarge = answer.kind === 'response' && !answer.streaming && Buffer.byteLength(body) > MAX_RESPONSE_BYTES;
    response.writeHead(tooLarge ? 413 : 202, { 'content-type': 'application/json' });
    response.end(tooLarge ? '{"errorType":"RequestEntityTooLarge"}' : '{"status":"OK"}');
    if (tooLarge) return;
    if (answer.kind === 'initError' || answer.kind === 'restoreError') return this.reportStartError(answer);
    const id = decodeURIComponent(/\/invocation\/([^/]+)\//.exec(path)?.[1] ?? '');
    this.running.get(id)?.settle(answer);
    this.running.delete(id);
  }

  private answerOf(path: string, body: string, request: IncomingMessage): RuntimeAnswer {
    const [kind] = (Object.entries(ENDINGS) as [RuntimeAnswer['kind'], string][]).find(([, ending]) => path.endsWith(ending))!;
    return {
      kind,
      body,
      headers: request.headers,
      trailers: request.trailers,
      streaming: request.headers['lambda-runtime-function-response-mode'] === 'streaming',
      errorType: kind === 'response' ? undefined : (JSON.parse(body) as { errorType?: string }).errorType,
    };
  }

  private forget(waiting: ServerResponse): void {
    const place = this.waiting.indexOf(waiting);
    if (place >= 0) this.waiting.splice(place, 1);
  }

  private dispatch(): void {
    if (this.waiting.length === 0 || this.queue.length === 0) return;
    const response = this.waiting.shift()!;
    const pending = this.queue.shift()!;
    this.running.set(pending.id, pending);
    response.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': pending.id,
      'lambda-runtime-deadline-ms': String(Date.now() + pending.timeoutMs),
      'lambda-runtime-invoked-function-arn': FUNCTION_ARN,
      'lambda-runtime-trace-id': `Root=1-5bef4de7-${pending.id.replaceAll('-', '').slice(-24)};Sampled=0`,
    });
    response.end(JSON.stringify(pending.event));
  }
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
