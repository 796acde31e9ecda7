import * as net from 'node:net';
import * as tls from 'node:tls';
import type { Exchange, ExchangeOptions, ProbeResponse } from './exchange';
import { readAnswer } from './http-answer';

const MAX_RECEIVED = 131_072;
const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** What is written once the connection is being made: signing it takes part of the time that the network takes. */
export type RequestText = () => string;

/**
 * One request on a connection of its own. By hand: Node's client for HTTPS, its agent and its pool take longer to load than the
 * request takes.
 */
export function exchangeOnSocket(endpoint: URL, textOf: RequestText, { statusSuffices }: ExchangeOptions): Exchange {
  const socket = connect(endpoint);
  const sent = new Promise<void>(resolve => {
    socket.once(endpoint.protocol === 'http:' ? 'connect' : 'secureConnect', () => setImmediate(resolve));
    socket.once('close', () => resolve());
  });
  let cancel!: Exchange['cancel'];
  const response = new Promise<ProbeResponse>((resolve, reject) => {
    let received = Buffer.alloc(0);
    const end = (): void => {
      socket.removeAllListeners('data');
      // Not now: the function waits for the answer, and nobody for the end of the connection.
      setImmediate(() => socket.destroy());
    };
    const look = (isAll: boolean): void => {
      try {
        const answer = readAnswer(received, isAll || received.length > MAX_RECEIVED);
        const isEnough = answer && (answer.body !== undefined || (statusSuffices && answer.status < 300));
        if (!isEnough) {
          if (isAll) throw new Error('the connection ended in the middle of the answer');
          return;
        }
        resolve({ status: answer.status, headers: answer.headers, body: answer.body ?? '' });
        end();
      } catch (error) {
        cancel(error as Error);
      }
    };
    cancel = reason => {
      reject(reason);
      end();
    };
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      look(false);
    });
    socket.on('error', cancel);
    socket.on('end', () => look(true));
    socket.on('close', () => look(true));
  });
  socket.write(textOf());
  return { sent, response, cancel };
}

function connect({ protocol, hostname, port }: URL): net.Socket {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const target = { host, port: Number(port) || PORTS[protocol] };
  if (protocol === 'http:') return net.connect(target);
  // A server is never named by an address (RFC 6066); it is certified by it all the same.
  const servername = net.isIP(host) ? '' : host;
  return tls.connect({ ...target, servername, ALPNProtocols: ['http/1.1'] });
}
