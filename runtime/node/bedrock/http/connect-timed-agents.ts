import * as http from 'node:http';
import * as https from 'node:https';
import type * as net from 'node:net';
import type { Duplex } from 'node:stream';
import type { TransportOptions } from './exchange-request';
import { currentAttempt } from '../retry/attempt';

type Established = 'connect' | 'secureConnect';

export interface ConnectTimedAgents {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
}

/**
 * The agents tell the attempt's clock when a connection is being made and when it stands. For TLS that is after the handshake:
 * a server that accepts the connection and never shakes hands would hang a timer that looks only at TCP.
 */
export function connectTimedAgents({ maxSockets, keepAlive: { idleMs, probeMs }, ca }: TransportOptions): ConnectTimedAgents {
  const options = { keepAlive: true, keepAliveMsecs: probeMs, maxSockets };
  return {
    httpAgent: connectTimed(new http.Agent(options), 'connect', idleMs),
    httpsAgent: connectTimed(new https.Agent({ ...options, ca }), 'secureConnect', idleMs),
  };
}

function connectTimed<A extends http.Agent>(agent: A, established: Established, idleMs: number): A {
  const createConnection = agent.createConnection.bind(agent);
  const keepSocketAlive = agent.keepSocketAlive.bind(agent);
  agent.createConnection = (options, created) => timed(createConnection(options, created), established);
  agent.keepSocketAlive = socket => {
    const kept: unknown = keepSocketAlive(socket);
    limitIdle(socket as net.Socket, idleMs);
    return kept;
  };
  return agent;
}

/** The agent closes an idle connection when its socket times out. The server may have asked for less. */
function limitIdle(socket: net.Socket, idleMs: number): void {
  if (!socket.timeout || socket.timeout > idleMs) socket.setTimeout(idleMs);
}

/** Counts the time until this new connection stands as connecting, not as reading. */
export function timed<T extends Duplex | null | undefined>(socket: T, established: Established): T {
  const clock = currentAttempt()?.clock;
  if (!socket || !clock) return socket;
  clock.connecting();
  socket.once(established, () => clock.connected());
  return socket;
}
