import { median } from './statistics';
import { table } from '../../build-tools/table';

/** A client and what its calls took, a figure a round. */
export interface ComparedClient {
  readonly name: string;
  readonly ms: readonly number[];
  readonly cpuMicros: readonly number[];
}

interface Comparison {
  readonly rounds: number;
  readonly callsARound: number;
  /** What the first client is called in a sentence. */
  readonly peer: string;
  /** What the last client, the factory's, may take of the first one's time. */
  readonly limit: number;
}

/** Prints each client beside the first one, and says whether the last one keeps to the limit. */
export function reportClients(clients: readonly ComparedClient[], { rounds, callsARound, peer, limit }: Comparison): boolean {
  const ratio = ({ ms }: ComparedClient): number => median(ms) / median(clients[0].ms);
  console.log(table(
    ['client', 'median ms', '×', 'median CPU µs a call', 'least CPU µs a call'],
    clients.map(client => [
      client.name,
      median(client.ms).toFixed(3),
      ratio(client).toFixed(4),
      Math.round(median(client.cpuMicros)),
      Math.round(Math.min(...client.cpuMicros)),
    ]),
  ));
  const factory = ratio(clients[clients.length - 1]);
  console.log(
    `\n${rounds} rounds of ${callsARound} calls each, in turn, every client in a process of its own; ` +
      `the factory takes ${factory.toFixed(4)} × ${peer} (limit ${limit}).`,
  );
  return factory <= limit;
}
