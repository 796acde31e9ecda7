import { IncomingHttpHeaders, request } from 'http';

export interface ViewerAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * Asks for an address of CloudFront as a browser would. The local AWS serves its distributions by the header Host and without TLS, and
 * believes what it is told of the browser's protocol.
 */
export function askCloudFront(localAws: string, address: string): Promise<ViewerAnswer> {
  const { host, pathname, search, protocol } = new URL(address);
  const headers = { 'host': host, 'x-forwarded-proto': protocol.slice(0, -1) };
  return new Promise((resolve, reject) => {
    request(new URL(pathname + search, localAws), { headers }, response => {
      const parts: Buffer[] = [];
      response.on('data', part => parts.push(part as Buffer)).once('error', reject)
        .once('end', () => resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(parts) }));
    }).once('error', reject).end();
  });
}
