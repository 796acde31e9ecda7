import * as http from 'node:http';
import * as https from 'node:https';
import type * as net from 'node:net';
import type { Duplex } from 'node:stream';
import { currentAttempt } from '../retry/attempt';
import type { TransportOptions } from './exchange-request';

type Created = (error: Error | null, stream: Duplex) => void;

/**
 * The agents tell the attempt's clock when a connection is being made and when it stands. For TLS that is after the handshake:
 * a server that accepts the connection and never shakes hands would hang a timer that looks only at TCP.
 */
class ConnectTimedHttpAgent extends http.Agent {
  public constructor(options: http.AgentOptions, private readonly idleMs: number) {
    super(options);
  }

  public createConnection(options: http.ClientRequestArgs, created?: Created): Duplex | null | undefined {
    return timed(super.createConnection(options, created), 'connect');
  }

  public keepSocketAlive(socket: Duplex): boolean {
    return limitedIdle(super.keepSocketAlive(socket), socket, this.idleMs);
  }
}

class ConnectTimedHttpsAgent extends https.Agent {
  public constructor(options: https.AgentOptions, private readonly idleMs: number) {
    super(options);
  }

  public createConnection(options: https.RequestOptions, created?: Created): Duplex | null | undefined {
    return timed(super.createConnection(options, created), 'secureConnect');
  }

  public keepSocketAlive(socket: Duplex): boolean {
    return limitedIdle(super.keepSocketAlive(socket), socket, this.idleMs);
  }
}

export interface ConnectTimedAgents {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
}

export function connectTimedAgents({ maxSockets, keepAlive: { idleMs, probeMs }, ca }: TransportOptions): ConnectTimedAgents {
  const options = { keepAlive: true, keepAliveMsecs: probeMs, maxSockets };
  return { httpAgent: new ConnectTimedHttpAgent(options, idleMs), httpsAgent: new ConnectTimedHttpsAgent({ ...options, ca }, idleMs) };
}

/** The agent closes an idle connection when its socket times out. The server may have asked for less. */
function limitedIdle(kept: boolean, socket: Duplex, idleMs: number): boolean {
  const { timeout = 0 } = socket as net.Socket;
  if (kept && (timeout === 0 || timeout > idleMs)) (socket as net.Socket).setTimeout(idleMs);
  return kept;
}

/** Counts the time until this new connection stands as connecting, not as reading. */
export function timed<T extends Duplex | null | undefined>(socket: T, established: 'connect' | 'secureConnect'): T {
  const clock = currentAttempt()?.clock;
  if (!socket || !clock) return socket;
  clock.connecting();
  socket.once(established, () => clock.connected());
  return socket;
}
