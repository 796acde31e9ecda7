import type { Store } from './registry-model';
import type { Snapshot } from './snapshot';
import { MemoryRegistry } from '../memory-registry';

/** A store in memory, new for each history. */
export class MemoryStore implements Store {
  public readonly port = new MemoryRegistry();

  public async snapshot(): Promise<Snapshot> {
    const { objects, table } = this.port;
    return {
      objects: new Map([...objects].map(([key, { bytes }]) => [key, { text: Buffer.from(bytes).toString(), versions: 1 }])),
      items: [...table.values()],
    };
  }
}
