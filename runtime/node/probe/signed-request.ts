import { endpointOf, type ProbedService } from './endpoint';
import { exchangeThroughProxy, usesProxy } from './proxied-exchange';
import { signedHeaders } from './signature';
import { exchangeOnSocket } from './socket-exchange';

export interface ProbeRequest {
  readonly service: ProbedService;
  readonly method: 'GET' | 'POST';
  /** Percent-encoded where it must be. */
  readonly path: string;
  readonly contentType?: string;
  readonly body?: string;
  /** A success says all that is asked: what else it holds is not waited for. */
  readonly statusSuffices?: boolean;
}

export interface ProbeResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** An AbortSignal would do, and would cost a start more than the rest of this file. */
export interface Exchange {
  /** Settles when the request is on its way to the server, or will never be. */
  readonly sent: Promise<void>;
  readonly response: Promise<ProbeResponse>;
  cancel(reason: Error): void;
}

export interface HttpMessage {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One signed request, without an SDK client: loading two of them takes longer than both requests. */
export function sendSigned(probe: ProbeRequest, region: string): Exchange {
  const endpoint = endpointOf(probe.service, region, process.env);
  if (usesProxy(process.env)) return exchangeThroughProxy(endpoint, messageOf(probe, endpoint, region));
  return exchangeOnSocket(endpoint, () => textOf(messageOf(probe, endpoint, region)), { statusSuffices: probe.statusSuffices ?? false });
}

function messageOf({ service, method, path: below, contentType, body = '' }: ProbeRequest, endpoint: URL, region: string): HttpMessage {
  const path = endpoint.pathname.replace(/\/$/, '') + below;
  const headers = signedHeaders({ method, host: endpoint.host, path, contentType, body }, {
    accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? '',
    sessionToken: process.env.AWS_SESSION_TOKEN,
  }, { service: service.signingName, region, date: new Date() });
  return { method, path, headers: { ...headers, 'content-length': String(Buffer.byteLength(body)), 'connection': 'close' }, body };
}

function textOf({ method, path, headers, body }: HttpMessage): string {
  const head = [`${method} ${path} HTTP/1.1`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  if (head.some(line => /[\r\n]/.test(line))) throw new Error('the credentials of the function hold a line break');
  return [...head, '', body].join('\r\n');
}
