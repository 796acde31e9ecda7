import type { Members } from '../../../../../cli/aws/registry-port';
import {
  currentKey, deployedPartition, deploymentObject, deploymentPrefix, Placed, promptPartition, TableKey,
} from '../../../../../src/contract/prompts/registry-keys';
import type { Deployment } from '../../../../../src/contract/prompts/statements';

export type Item = Members & TableKey;

/** Everything that a store has of one prompt. */
export interface Snapshot {
  /** The text of each object by its key, and how many versions it has. */
  readonly objects: ReadonlyMap<string, { readonly text: string; readonly versions: number }>;
  readonly items: readonly Item[];
}

export const EMPTY: Snapshot = { objects: new Map(), items: [] };

/** The deployment in the table, without its keys. */
export function currentOf({ items }: Snapshot, placed: Placed): Deployment | undefined {
  const key = currentKey(placed);
  const item = items.find(({ pk, sk }) => pk === key.pk && sk === key.sk);
  if (!item) return undefined;
  const { pk: _pk, sk: _sk, ...deployment } = item;
  return deployment as unknown as Deployment;
}

/** The locked deployments, in the order of their keys. */
export function copiesOf({ objects }: Snapshot, placed: Placed): { readonly key: string; readonly copy: Deployment }[] {
  const prefix = deploymentPrefix(placed);
  return [...objects].filter(([key]) => key.startsWith(prefix)).sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, { text }]) => ({ key, copy: JSON.parse(text) as Deployment }));
}

/** The key that the deployment after so many others has. */
export function keyAfter(placed: Placed, count: number): string {
  return deploymentObject({ ...placed, sequence: count + 1 });
}

export function eventsOf({ items }: Snapshot, placed: Placed): Item[] {
  return itemsOf(items, deployedPartition(placed), 'event#');
}

export function recordsOf({ items }: Snapshot, id: string): Item[] {
  return itemsOf(items, promptPartition(id), 'version#');
}

export function approvalsOf({ items }: Snapshot, id: string): Item[] {
  return itemsOf(items, promptPartition(id), 'approval#');
}

function itemsOf(items: readonly Item[], partition: string, prefix: string): Item[] {
  return items.filter(({ pk, sk }) => pk === partition && sk.startsWith(prefix)).sort((one, other) => (one.sk < other.sk ? -1 : 1));
}
