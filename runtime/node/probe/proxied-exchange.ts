import type * as http from 'node:http';
import type * as https from 'node:https';
import type { Exchange, ExchangeOptions, HttpMessage, ProbeResponse } from './exchange';

const MAX_BODY = 65_536;

/** Whether Node is told to reach servers through the proxy that the environment names. */
export function usesProxy({ NODE_USE_ENV_PROXY, NODE_OPTIONS = '' }: NodeJS.ProcessEnv): boolean {
  return NODE_USE_ENV_PROXY === '1' || [...process.execArgv, ...NODE_OPTIONS.split(/\s+/)].includes('--use-env-proxy');
}

/** One request by Node's own client, which alone knows about proxies. */
export function exchangeThroughProxy(
  endpoint: URL, { method, path, headers, body }: HttpMessage, { statusSuffices }: ExchangeOptions,
): Exchange {
  const { hostname, port } = endpoint;
  const outgoing = requestOf(endpoint)({ method, hostname, port, path, headers });
  const sent = new Promise<void>(resolve => {
    outgoing.on('finish', resolve);
    outgoing.on('close', resolve);
  });
  let cancel!: Exchange['cancel'];
  const response = new Promise<ProbeResponse>((resolve, reject) => {
    cancel = reason => {
      reject(reason);
      outgoing.destroy();
    };
    outgoing.on('error', reject);
    outgoing.on('response', incoming => {
      const { statusCode: status = 0 } = incoming;
      let text = '';
      const answer = (): void => resolve({ status, headers: incoming.headers, body: text });
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => {
        if (text.length < MAX_BODY) text += chunk;
      });
      incoming.on('end', answer);
      incoming.on('error', reject);
      if (!statusSuffices || status >= 300) return;
      answer();
      outgoing.destroy();
    });
  });
  outgoing.end(body);
  return { sent, response, cancel };
}

function requestOf({ protocol }: URL): typeof http.request {
  /* eslint-disable @typescript-eslint/no-require-imports -- loaded when it is needed, and `import` would answer later */
  return protocol === 'http:' ? (require('node:http') as typeof http).request : (require('node:https') as typeof https).request;
}
