import * as http from 'node:http';
import * as http2 from 'node:http2';
import * as net from 'node:net';
import { BlackHole, blackHole } from './black-hole';
import { exchangeOf } from './exchange';
import { FaultPlans } from './fault-plan';
import { FAULTS } from './faults';
import { selfSignedCertificate } from './self-signed-certificate';

type Request = http.IncomingMessage | http2.Http2ServerRequest;
type Response = http.ServerResponse | http2.Http2ServerResponse;

/** Where to find each way of being there, or not. All on loopback. */
export interface FaultyPorts {
  /** HTTP/1.1 without TLS. */
  readonly http1: number;
  /** HTTP/2 without TLS. */
  readonly h2c: number;
  /** TLS; HTTP/2 or HTTP/1.1, as the client asks. */
  readonly tls: number;
  /** Accepts connections and says nothing: no TLS handshake, no answer. */
  readonly silent: number;
  /** Does not answer a SYN. */
  readonly blackHole: number;
  /** Nobody listens. */
  readonly refused: number;
}

export interface SeenRequest {
  readonly path: string;
  readonly fault: string;
  readonly httpVersion: string;
  readonly headers: http.IncomingHttpHeaders;
}

export interface FaultyServerOptions {
  /** @default 0 - any free port, for HTTP/1.1 */
  readonly port?: number;
  /** The server ends itself after this time. @default 10 minutes */
  readonly lifetimeMs?: number;
}

/** A test may have these names lead to loopback. */
const REGION_HOSTS = ['us-east-1', 'us-west-2'].map(region => `bedrock-runtime.${region}.amazonaws.com`);
const DEFAULT_LIFETIME_MS = 600_000;
const CONTROL = '/__faults';
const SEEN = '/__requests';
const CONNECTIONS = '/__connections';
const CONTROLS: readonly string[] = [CONTROL, SEEN, CONNECTIONS];
const PLAN_IN_PATH = /^\/fault\/([^/]+)(\/.*)$/;
const MAX_SEEN = 10_000;

/**
 * A Bedrock that fails to order. A request names its fault by path (`/fault/throttle,ok/model/…`, which an endpoint URL can hold) or by the
 * header `x-fault`; for the others `PUT /__faults` with `["throttle", "ok"]` says what to do, `DELETE /__faults` forgets it all, and
 * `GET /__requests` lists what came in. `GET /__connections` counts the connections, `PUT` drops them silently, `DELETE` closes them.
 */
export class FaultyBedrockServer {
  public static async start({ port = 0, lifetimeMs = DEFAULT_LIFETIME_MS }: FaultyServerOptions = {}): Promise<FaultyBedrockServer> {
    const server = new FaultyBedrockServer();
    await server.listen(port, lifetimeMs);
    return server;
  }

  private hasStopped!: () => void;
  public readonly certificate = selfSignedCertificate(REGION_HOSTS);
  public readonly seen: SeenRequest[] = [];
  public ports!: FaultyPorts;
  /** Connections accepted since the start. */
  public accepted = 0;

  /** Settled when the server has stopped, whoever stopped it. */
  public readonly stopped = new Promise<void>(resolve => { this.hasStopped = resolve; });

  private readonly plans = new FaultPlans();
  private readonly sockets = new Set<net.Socket>();
  private readonly dropped = new WeakSet<net.Socket>();
  private readonly servers: net.Server[] = [];
  private hole!: BlackHole;
  private lifetime: NodeJS.Timeout | undefined;

  private constructor() {}

  /** Connections open now. */
  public get connections(): number {
    return this.sockets.size;
  }

  /** The endpoint that plays this plan on every request. */
  public url(plan: string, port: keyof FaultyPorts = 'http1'): string {
    const scheme = port === 'tls' ? 'https' : 'http';
    return `${scheme}://127.0.0.1:${this.ports[port]}/fault/${encodeURIComponent(plan)}`;
  }

  public requestsOf(plan: string): readonly SeenRequest[] {
    return this.seen.filter(({ path }) => path.startsWith(`/fault/${encodeURIComponent(plan)}/`));
  }

  /** What a network does with connections that were idle for too long: neither side is told, and nothing gets through any more. */
  public dropConnectionsSilently(except?: net.Socket): void {
    this.others(except).forEach(socket => this.dropped.add(socket));
  }

  public closeConnections(except?: net.Socket): void {
    this.others(except).forEach(socket => socket.destroy());
  }

  private others(except: net.Socket | undefined): net.Socket[] {
    return [...this.sockets].filter(socket => socket !== except);
  }

  public async stop(): Promise<void> {
    clearTimeout(this.lifetime);
    this.closeConnections();
    await Promise.all([...this.servers.map(server => new Promise(resolve => server.close(resolve))), this.hole.stop()]);
    this.hasStopped();
  }

  private async listen(port: number, lifetimeMs: number): Promise<void> {
    const answer = (request: Request, response: Response) => void this.answer(request, response);
    const tls = http2.createSecureServer({ ...this.certificate, allowHTTP1: true }, answer);
    const http1 = http.createServer(answer);
    http1.requestTimeout = 0;
    // Bedrock keeps idle connections far longer than Node's five seconds.
    http1.keepAliveTimeout = lifetimeMs;
    const nobody = net.createServer();
    const refused = await this.open(nobody, 0);
    await new Promise(resolve => nobody.close(resolve));
    this.hole = await blackHole(lifetimeMs);
    this.ports = {
      http1: await this.open(http1, port),
      h2c: await this.open(http2.createServer(answer), 0),
      tls: await this.open(tls, 0),
      silent: await this.open(net.createServer(), 0),
      blackHole: this.hole.port,
      refused,
    };
    this.lifetime = setTimeout(() => void this.stop(), lifetimeMs).unref();
  }

  private async open(server: net.Server | http2.Http2SecureServer, port: number): Promise<number> {
    this.servers.push(server as net.Server);
    (server as net.Server).on('connection', (socket: net.Socket) => {
      this.sockets.add(socket);
      this.accepted += 1;
      socket.on('error', () => undefined);
      socket.once('close', () => this.sockets.delete(socket));
    });
    server.on('sessionError', () => undefined);
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    return (server.address() as net.AddressInfo).port;
  }

  private async answer(request: Request, response: Response): Promise<void> {
    request.on('error', () => undefined);
    if (this.dropped.has(request.socket)) return;
    const url = request.url ?? '/';
    const [, planInPath, rest = url] = PLAN_IN_PATH.exec(url) ?? [];
    const exchange = exchangeOf(request, response, rest);
    const control = CONTROLS.includes(url);
    const body = control ? await text(request) : '';
    if (!control) request.resume();
    try {
      if (control) return this.control(url, request, body, response);
      const header = request.headers['x-fault'];
      const fault = this.plans.next(planInPath ? decodeURIComponent(planInPath) : typeof header === 'string' ? header : undefined);
      if (this.seen.length < MAX_SEEN) this.seen.push({ path: url, fault, httpVersion: request.httpVersion, headers: request.headers });
      await FAULTS[fault](exchange);
    } catch (error) {
      exchange.head(400, { 'content-type': 'text/plain', 'x-amzn-errortype': 'UnknownFault' });
      exchange.end(Buffer.from(String(error)));
    }
  }

  private control(url: string, { method, socket }: Request, body: string, response: Response): void {
    const asked = `${method} ${url}`;
    if (asked === `PUT ${CONTROL}`) this.plans.setStanding(JSON.parse(body) as string[]);
    if (asked === `DELETE ${CONTROL}`) {
      this.plans.reset();
      this.seen.splice(0);
    }
    if (asked === `PUT ${CONNECTIONS}`) this.dropConnectionsSilently(socket);
    if (asked === `DELETE ${CONNECTIONS}`) this.closeConnections(socket);
    (response as http.ServerResponse).setHeader('content-type', 'application/json');
    (response as http.ServerResponse).end(JSON.stringify(this.told(url)));
  }

  private told(url: string): unknown {
    if (url === SEEN) return this.seen;
    return url === CONNECTIONS ? { accepted: this.accepted, open: this.connections } : { faults: Object.keys(FAULTS), ports: this.ports };
  }
}

async function text(request: Request): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
