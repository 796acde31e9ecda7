import type { Finding, ServiceEvidence } from './finding';
import { Cryptography } from '../../../src/contract/prompts/cryptography';
import { isEventOf } from '../../../src/contract/prompts/deployment-event';
import { eventKey, TableKey } from '../../../src/contract/prompts/registry-keys';
import { isTold } from '../../../src/contract/prompts/told-events';
import type { Members } from '../../aws/registry-port';

/**
 * Events that are not those of the signed deployments: nobody signs an event, and everything of it follows from two deployments. And
 * events that somebody marked as told who could not tell them.
 */
export function findEventFaults(
  events: readonly (Members & TableKey)[], { placed, deployment, history }: ServiceEvidence, cryptography: Cryptography,
): Finding[] {
  const found = new Map(events.map(event => [event.sk, event]));
  const deployments = new Map(history.map(one => [one.sequence, one]));
  const faults = history.filter(({ sequence }) => sequence <= deployment.sequence).flatMap((after): Finding[] => {
    const { sequence } = after;
    const { sk } = eventKey({ ...placed, sequence });
    const event = found.get(sk);
    if (!event) return [{ code: 'event-missing', message: `the table has no event of deployment ${sequence}` }];
    const before = deployments.get(sequence - 1);
    // Without the deployment before, which is a finding of its own, nobody knows what its event says.
    if ((sequence === 1 || before) && !isEventOf(event, before, after)) {
      return [{ code: 'event-forged', message: `the event of deployment ${sequence} is not that of what was deployed` }];
    }
    if (event.published !== true || isTold(event, { ...placed, sequence }, cryptography)) return [];
    return [{ code: 'event-silenced', message: `the event of deployment ${sequence} is marked as told, by nobody who tells events` }];
  });
  const last = history.reduce((highest, { sequence }) => Math.max(highest, sequence), deployment.sequence);
  const known = new Set(Array.from({ length: last }, (_, index) => eventKey({ ...placed, sequence: index + 1 }).sk));
  const strangers = events.filter(({ sk }) => !known.has(sk));
  return [...faults, ...strangers.map(({ sk }) => ({ code: 'event-forged' as const, message: `${sk} is the event of no deployment` }))];
}
