import * as http from 'node:http';
import * as https from 'node:https';
import type * as net from 'node:net';
import type { Duplex } from 'node:stream';
import type { TransportOptions } from './exchange-request';
import { currentAttempt } from '../retry/attempt';

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

  public keepSocketAlive(socket: Duplex): unknown {
    const kept: unknown = super.keepSocketAlive(socket);
    limitIdle(socket as net.Socket, this.idleMs);
    return kept;
  }
}

class ConnectTimedHttpsAgent extends https.Agent {
  public constructor(options: https.AgentOptions, private readonly idleMs: number) {
    super(options);
  }

  public createConnection(options: https.RequestOptions, created?: Created): Duplex | null | undefined {
    return timed(super.createConnection(options, created), 'secureConnect');
  }

  public keepSocketAlive(socket: Duplex): unknown {
    const kept: unknown = super.keepSocketAlive(socket);
    limitIdle(socket as net.Socket, this.idleMs);
    return kept;
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
function limitIdle(socket: net.Socket, idleMs: number): void {
  if (!socket.timeout || socket.timeout > idleMs) socket.setTimeout(idleMs);
}

/** Counts the time until this new connection stands as connecting, not as reading. */
export function timed<T extends Duplex | null | undefined>(socket: T, established: 'connect' | 'secureConnect'): T {
  const clock = currentAttempt()?.clock;
  if (!socket || !clock) return socket;
  clock.connecting();
  socket.once(established, () => clock.connected());
  return socket;
}
