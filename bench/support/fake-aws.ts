import type { createServer } from 'https';
import type { AddressInfo } from 'net';
import { Worker } from 'worker_threads';
import type { SelfSignedCertificate } from '../../test/support/faulty-bedrock-server/self-signed-certificate';

/** After how many milliseconds each service answers. */
interface Delays {
  readonly sts: number;
  readonly bedrock: number;
  readonly model: number;
}

export const NO_DELAYS: Delays = { sts: 0, bedrock: 0, model: 0 };

/** In a thread of its own, because the measuring blocks this one. */
export async function fakeAws(certificate: SelfSignedCertificate, delays: Delays): Promise<{ url: string; close: () => Promise<unknown> }> {
  const worker = new Worker(`(${serve.toString()})(require('https').createServer, require('worker_threads'))`, {
    eval: true,
    workerData: { certificate, delays },
  });
  const port = await new Promise<number>((resolve, reject) => worker.once('message', resolve).once('error', reject));
  return { url: `https://localhost:${port}`, close: () => worker.terminate() };
}

function serve(create: typeof createServer, { parentPort, workerData }: typeof import('worker_threads')): void {
  const { certificate, delays } = workerData as { certificate: SelfSignedCertificate; delays: Delays };
  // Arrow functions with a name of their own would not survive toString() under tsx.
  const server = create(certificate, ({ url = '' }, response) => {
    const delay = url === '/' ? delays.sts : url.startsWith('/model/') ? delays.model : delays.bedrock;
    if (delay === 0) response.end('{}');
    else setTimeout(() => response.end('{}'), delay);
  });
  server.listen(0, '127.0.0.1', () => parentPort!.postMessage((server.address() as AddressInfo).port));
}
