import { createHash, createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
// eslint-disable-next-line import/no-extraneous-dependencies -- every SDK client brings it, in the version it was made for
import { SignatureV4 } from '@smithy/signature-v4';
import type { Checksum, HttpRequest } from '@smithy/types';
import { endpointOf, type ProbedService } from './endpoint';

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

const MAX_BODY = 65_536;

class NodeSha256 implements Checksum {
  private hash = this.fresh();

  constructor(private readonly secret?: Parameters<typeof createHmac>[1]) {}

  public update(data: Uint8Array): void {
    this.hash.update(data);
  }

  public async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }

  public reset(): void {
    this.hash = this.fresh();
  }

  private fresh() {
    return this.secret === undefined ? createHash('sha256') : createHmac('sha256', this.secret);
  }
}

/** One signed request, without an SDK client: loading two of them takes longer than both requests. */
export async function sendSigned(probe: ProbeRequest, region: string, signal: AbortSignal): Promise<ProbeResponse> {
  const endpoint = endpointOf(probe.service, region, process.env);
  const signer = new SignatureV4({
    service: probe.service.signingName,
    region,
    sha256: NodeSha256 as never,
    credentials: {
      accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? '',
      ...(process.env.AWS_SESSION_TOKEN && { sessionToken: process.env.AWS_SESSION_TOKEN }),
    },
  });
  const signed = await signer.sign({
    method: probe.method,
    protocol: endpoint.protocol,
    hostname: endpoint.hostname,
    port: endpoint.port ? Number(endpoint.port) : undefined,
    path: endpoint.pathname.replace(/\/$/, '') + probe.path,
    query: {},
    headers: { host: endpoint.host, ...(probe.contentType && { 'content-type': probe.contentType }) },
    body: probe.body,
  });
  return send(signed as HttpRequest, signal);
}

function send(signed: HttpRequest, signal: AbortSignal): Promise<ProbeResponse> {
  const request = signed.protocol === 'http:' ? httpRequest : httpsRequest;
  return new Promise((resolve, reject) => {
    const { method, hostname, port, path, headers } = signed;
    const outgoing = request({ method, hostname, port, path, headers, signal }, response => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        if (body.length < MAX_BODY) body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
      response.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(signed.body);
  });
}
