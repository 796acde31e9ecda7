import type * as http from 'node:http';
import type * as https from 'node:https';
import { endpointOf, type ProbedService } from './endpoint';
import { signedHeaders } from './signature';

export interface ProbeRequest {
  readonly service: ProbedService;
  readonly method: 'GET' | 'POST';
  /** Percent-encoded where it must be. */
  readonly path: string;
  readonly contentType?: string;
  readonly body?: string;
}

export interface ProbeResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** An AbortSignal would do, and would cost a start more than the rest of this file. */
export interface RunningRequest {
  readonly response: Promise<ProbeResponse>;
  cancel(reason: Error): void;
}

const MAX_BODY = 65_536;

/** One signed request, without an SDK client: loading two of them takes longer than both requests. */
export function sendSigned(probe: ProbeRequest, region: string): RunningRequest {
  const { method, contentType, body = '' } = probe;
  const endpoint = endpointOf(probe.service, region, process.env);
  const { hostname, port } = endpoint;
  const path = endpoint.pathname.replace(/\/$/, '') + probe.path;
  const headers = signedHeaders({ method, host: endpoint.host, path, contentType, body }, {
    accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? '',
    sessionToken: process.env.AWS_SESSION_TOKEN,
  }, { service: probe.service.signingName, region, date: new Date() });
  const length = { 'content-length': String(Buffer.byteLength(body)) };
  const outgoing = requestOf(endpoint)({ method, hostname, port, path, headers: { ...headers, ...length } });

  let cancel!: RunningRequest['cancel'];
  const response = new Promise<ProbeResponse>((resolve, reject) => {
    cancel = reason => {
      reject(reason);
      outgoing.destroy();
    };
    outgoing.on('error', reject);
    outgoing.on('response', incoming => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => {
        if (text.length < MAX_BODY) text += chunk;
      });
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text }));
      incoming.on('error', reject);
    });
  });
  outgoing.end(body);
  return { response, cancel };
}

/** Lambda's runtime has loaded http already; https takes its time, and an emulator does not need it. */
function requestOf({ protocol }: URL): typeof http.request {
  /* eslint-disable @typescript-eslint/no-require-imports -- loaded when it is needed, and `import` would answer later */
  return protocol === 'http:' ? (require('node:http') as typeof http).request : (require('node:https') as typeof https).request;
}
