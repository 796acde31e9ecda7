import type { Item, RegistryStore } from './registry-store';
import { sha256 } from './signing-key';
import type { Cryptography } from '../../../src/contract/prompts/cryptography';
import type { ObjectVersion } from '../../../src/contract/prompts/judged-objects';
import {
  deployedPartition, deploymentPrefix, environmentPrefix, promptPartition, versionObject,
} from '../../../src/contract/prompts/registry-keys';
import { tryItemPlace, tryObjectPlace } from '../../../src/contract/prompts/registry-places';
import { isTold } from '../../../src/contract/prompts/told-events';

/** Of a record, all but its long text, of which the SHA-256 is kept. */
export interface KeptRecord {
  readonly record: Item;
  readonly content: string;
}

/** All that table and bucket have of a prompt. */
export interface Inventory {
  readonly id: string;
  /** By environment. */
  readonly currents: Map<string, Item>;
  /** The events that nobody has published, whatever their mark says. */
  readonly waiting: Item[];
  /** The sequences that have an event, by environment. */
  readonly events: Map<string, Set<number>>;
  /** By version, as the gates and the approvals are. */
  readonly records: Map<string, KeptRecord>;
  readonly gates: Map<string, Item>;
  readonly approvals: Map<string, Item[]>;
  readonly objects: ObjectVersion[];
}

/** What reading needs. */
export interface InventoryContext {
  readonly store: RegistryStore;
  readonly cryptography: Cryptography;
  readonly environments: readonly string[];
}

/** What is known of a prompt of which nothing is there. */
export function emptyInventory(id: string): Inventory {
  return {
    id, currents: new Map(), waiting: [], events: new Map(), records: new Map(), gates: new Map(), approvals: new Map(), objects: [],
  };
}

/**
 * Everything of a registry, by prompt. The table is read before the bucket: a promotion writes its locked copy first, so that the copy of
 * whatever the table says is seen.
 */
export async function readRegistry({ store, ...context }: InventoryContext): Promise<Inventory[]> {
  const found = new Inventories(context);
  for await (const item of store.everyItem()) found.addItem(item);
  for (const object of await store.versions('')) found.addObject(object);
  return found.all();
}

/** The same of one prompt, as it is now. */
export async function readPrompt({ store, ...context }: InventoryContext, id: string): Promise<Inventory> {
  const found = new Inventories(context);
  const placed = context.environments.map(environment => ({ environment, id }));
  for (const partition of [promptPartition(id), ...placed.map(deployedPartition)]) {
    for await (const item of store.itemsOf(partition)) found.addItem(item);
  }
  const versions = versionObject({ id, version: '' }).replace(/[^/]*$/, '');
  for (const prefix of [versions, ...placed.flatMap(place => [environmentPrefix(place), deploymentPrefix(place)])]) {
    for (const object of await store.versions(prefix)) found.addObject(object);
  }
  return found.of(id);
}

/** What is of no environment of the registry, or of no form that a command writes, is not looked at: no service reads it. */
class Inventories {
  private readonly byId = new Map<string, Inventory>();

  public constructor(private readonly context: Omit<InventoryContext, 'store'>) {}

  public all(): Inventory[] {
    return [...this.byId.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  public of(id: string): Inventory {
    const known = this.byId.get(id);
    if (known) return known;
    const made = emptyInventory(id);
    this.byId.set(id, made);
    return made;
  }

  public addObject(object: ObjectVersion): void {
    const place = tryObjectPlace(object.key);
    if (place && this.isLookedAt(place.environment)) this.of(place.id).objects.push(object);
  }

  public addItem(item: Item): void {
    const place = tryItemPlace(item);
    if (!place || !this.isLookedAt(place.environment)) return;
    const { kind, id, environment = '', version = '', sequence = 0 } = place;
    const inventory = this.of(id);
    switch (kind) {
      case 'current': inventory.currents.set(environment, item); break;
      case 'event':
        inventory.events.set(environment, (inventory.events.get(environment) ?? new Set()).add(sequence));
        if (!isTold(item, { environment, id, sequence }, this.context.cryptography)) inventory.waiting.push(item);
        break;
      case 'gates': inventory.gates.set(version, item); break;
      case 'approval': inventory.approvals.set(version, [...inventory.approvals.get(version) ?? [], item]); break;
      default: inventory.records.set(version, keptOf(item));
    }
  }

  private isLookedAt(environment: string | undefined): boolean {
    return environment === undefined || this.context.environments.includes(environment);
  }
}

function keptOf({ content, ...record }: Item & { readonly content?: unknown }): KeptRecord {
  return { record: record as unknown as Item, content: sha256(String(content)) };
}
