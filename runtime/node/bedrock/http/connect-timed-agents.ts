import * as http from 'node:http';
import * as https from 'node:https';
import type { Duplex } from 'node:stream';
import { currentAttempt } from '../retry/attempt';

type Created = (error: Error | null, stream: Duplex) => void;

/**
 * The agents tell the attempt's clock when a connection is being made and when it stands. For TLS that is after the handshake:
 * a server that accepts the connection and never shakes hands would hang a timer that looks only at TCP.
 */
class ConnectTimedHttpAgent extends http.Agent {
  public createConnection(options: http.ClientRequestArgs, created?: Created): Duplex | null | undefined {
    return timed(super.createConnection(options, created), 'connect');
  }
}

class ConnectTimedHttpsAgent extends https.Agent {
  public createConnection(options: https.RequestOptions, created?: Created): Duplex | null | undefined {
    return timed(super.createConnection(options, created), 'secureConnect');
  }
}

export interface ConnectTimedAgents {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
}

export function connectTimedAgents({ maxSockets, ca }: { readonly maxSockets: number; readonly ca?: string }): ConnectTimedAgents {
  const options = { keepAlive: true, maxSockets };
  return { httpAgent: new ConnectTimedHttpAgent(options), httpsAgent: new ConnectTimedHttpsAgent({ ...options, ca }) };
}

/** Counts the time until this new connection stands as connecting, not as reading. */
export function timed<T extends Duplex | null | undefined>(socket: T, established: 'connect' | 'secureConnect'): T {
  const clock = currentAttempt()?.clock;
  if (!socket || !clock) return socket;
  clock.connecting();
  socket.once(established, () => clock.connected());
  return socket;
}
