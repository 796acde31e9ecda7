import { createServer, type IncomingMessage, type Server } from 'http';
import type { AddressInfo } from 'net';
import { gunzipSync } from 'zlib';

/** One request to an AWS service. */
export interface FakeCall {
  /** The operation, such as `GetParameter`; of a REST service method and path, such as `PUT /logging/modelinvocations`. */
  readonly operation: string;
  /** What was asked: JSON, or the fields of a form. */
  readonly input: any;
  /** What was sent, as it came: of a picture, say. */
  readonly bytes: Buffer;
  readonly headers: IncomingMessage['headers'];
  /** Of a REST service. */
  readonly query: URLSearchParams;
}

export interface FakeReply {
  readonly status: number;
  /** JSON, or a text as it is. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Never answers. */
  readonly hangs?: boolean;
}

/** How the service answers one operation: with what it returns, as JSON, or as a reply says. */
export type FakeOperation = (input: any, call: FakeCall) => unknown;

const REPLY = Symbol('reply');

/** An answer other than 200 with JSON. */
export function reply(of: Partial<FakeReply>): unknown {
  return { [REPLY]: true, status: 200, body: {}, ...of };
}

/** An error of the service, in the JSON protocols. */
export function failure(code: string, status = 400, message = `told to answer with ${code}`): unknown {
  return reply({ status, headers: { 'x-amzn-errortype': code }, body: { __type: code, message } });
}

/** One answer after the other, the last one for good. */
export function inTurn(...operations: readonly FakeOperation[]): FakeOperation {
  let turn = 0;
  return (input, call) => operations[Math.min(turn++, operations.length - 1)](input, call);
}

/** Any number of AWS's services over real HTTP: give its address to the function as `AWS_ENDPOINT_URL`. */
export class FakeApi {
  public static async start(operations: Readonly<Record<string, FakeOperation>> = {}): Promise<FakeApi> {
    const api = new FakeApi({ ...operations });
    await new Promise<void>(resolve => api.server.listen(0, '127.0.0.1', resolve));
    return api;
  }

  public readonly calls: FakeCall[] = [];
  private readonly server: Server;

  private constructor(private operations: Record<string, FakeOperation>) {
    this.server = createServer((request, response) => {
      void this.replyTo(request).then(({ status, body, headers, hangs }) => {
        if (hangs) return;
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(typeof body === 'string' ? body : JSON.stringify(body));
      });
    });
  }

  /** From now on, beside what it answers already, `*` to whatever else is asked; and forgets the calls. */
  public answer(operations: Readonly<Record<string, FakeOperation>>): void {
    this.operations = { ...this.operations, ...operations };
    this.calls.length = 0;
  }

  public callsOf(operation: string): FakeCall[] {
    return this.calls.filter(call => call.operation === operation);
  }

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async replyTo(request: IncomingMessage): Promise<FakeReply> {
    const bytes = await bytesOf(request);
    const input = inputOf(bytes.toString());
    const query = new URL(request.url ?? '/', 'http://fake').searchParams;
    const call = { operation: operationOf(request, input), input, bytes, headers: request.headers, query };
    this.calls.push(call);
    const answer = await (this.operations[call.operation] ?? this.operations['*'])?.(input, call)
      ?? failure('UnknownOperationException', 404, `The fake does not know ${call.operation}`);
    const isReply = typeof answer === 'object' && answer !== null && REPLY in answer;
    return isReply ? answer as unknown as FakeReply : { status: 200, body: answer };
  }
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

function inputOf(body: string): any {
  if (body === '') return {};
  try {
    return JSON.parse(body);
  } catch {
    return Object.fromEntries(new URLSearchParams(body));
  }
}

/** By the protocol: JSON with a target, a form with an action, or REST. */
function operationOf({ headers, method, url = '/' }: IncomingMessage, input: { Action?: string }): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.').at(-1)!;
  return input.Action ?? `${method} ${url.split('?')[0]}`;
}
