import { EXPEDITED, Order } from './orders';
import { copiesOf, currentOf, recordsOf, Snapshot } from './snapshot';

/** What a history is steered to: generated alone, these orders are nearly always refused. */
export type Aim = 'rollback' | 'revocation' | 'rollback of all' | 'candidate' | 'candidate for all';
export const AIMS: readonly Aim[] = ['rollback', 'revocation', 'rollback of all', 'candidate', 'candidate for all'];

interface State {
  readonly id: string;
  /** In the order of promotion. */
  readonly environments: readonly string[];
  readonly before: Snapshot;
}

/** The orders that the state of a prompt allows, as far as a look at it tells. */
export function possibleOrders(aim: Aim, state: State): Order[] {
  const { id, environments, before } = state;
  const last = environments[environments.length - 1];
  const current = currentOf(before, { environment: last, id });
  const backs = environments.filter(environment => hasBefore(state, environment));
  // Another one each time: the same command again would change nothing.
  const reason = `slow ${before.objects.size}`;
  switch (aim) {
    case 'rollback':
      return backs.map(environment => ({ do: 'rollback', environments: [environment], reason, isRevoking: false }));
    case 'revocation':
      return backs.map(environment => ({ do: 'rollback', environments: [environment], reason, isRevoking: true }));
    case 'rollback of all':
      return backs.length === environments.length ? [{ do: 'rollback', environments, reason, isRevoking: false }] : [];
    case 'candidate for all':
      return current?.candidate ? [{ do: 'promote', version: current.candidate.version, environment: last, toAll: true }] : [];
    case 'candidate':
      if (!current || current.candidate) return [];
      return recordsOf(before, id).map(({ version }) => version as string)
        .filter(version => version !== current.active.version && version !== EXPEDITED && wasEverywhereBefore(state, version))
        .map(version => ({ do: 'promote', version, environment: last, toAll: false }));
  }
}

/** Whether there is a candidate to drop, or another version that served there and that nobody revoked. */
function hasBefore({ id, environments, before }: State, environment: string): boolean {
  const current = currentOf(before, { environment, id });
  if (!current) return false;
  const revoked = environments.flatMap(one => currentOf(before, { environment: one, id })?.revoked ?? []);
  return current.candidate !== undefined || copiesOf(before, { environment, id })
    .some(({ copy: { active } }) => active.version !== current.active.version && !revoked.includes(active.template_hash));
}

function wasEverywhereBefore({ id, environments, before }: State, version: string): boolean {
  const revoked = environments.flatMap(one => currentOf(before, { environment: one, id })?.revoked ?? []);
  return environments.slice(0, -1).every(environment => copiesOf(before, { environment, id })
    .some(({ copy: { active } }) => active.version === version && !revoked.includes(active.template_hash)));
}
