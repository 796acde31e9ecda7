import { endpointOf, type ProbedService } from './endpoint';
import type { Exchange, HttpMessage } from './exchange';
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

/** One signed request, without an SDK client: loading two of them takes longer than both requests. */
export function sendSigned(probe: ProbeRequest, region: string): Exchange {
  const { service, statusSuffices = false } = probe;
  const endpoint = endpointOf(service, region, process.env);
  if (usesProxy(process.env)) return exchangeThroughProxy(endpoint, messageOf(probe, endpoint, region), { statusSuffices });
  return exchangeOnSocket(endpoint, () => textOf(messageOf(probe, endpoint, region)), { statusSuffices });
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
