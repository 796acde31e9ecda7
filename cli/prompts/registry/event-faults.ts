import { isDeepStrictEqual } from 'util';
import type { Finding, ServiceEvidence } from './finding';
import { PROMPT_REGISTRY } from '../../../src/contract/data';
import { eventOf } from '../../../src/contract/prompts/deployment-event';
import { eventKey, TableKey } from '../../../src/contract/prompts/registry-keys';
import { Deployment } from '../../../src/contract/prompts/statements';
import { isRecord, JsonRecord } from '../../../src/contract/template/template-values';
import type { Members } from '../../aws/registry-port';

/** What every event has to say; what else it says may be of another release of this command. */
const NEEDED: readonly string[] = [...PROMPT_REGISTRY.events.commonFields, 'environment', 'from_version', 'to_version', 'triggered_by'];

/** Events that are not those of the signed deployments: nobody signs an event, and everything of it follows from two deployments. */
export function findEventFaults(events: readonly (Members & TableKey)[], { placed, deployment, history }: ServiceEvidence): Finding[] {
  const found = new Map(events.map(event => [event.sk, event]));
  const faults = history.filter(({ sequence }) => sequence <= deployment.sequence).flatMap((after): Finding[] => {
    const { sequence } = after;
    const { sk } = eventKey({ ...placed, sequence });
    const event = found.get(sk);
    if (!event) return [{ code: 'event-missing', message: `the table has no event of deployment ${sequence}` }];
    const before = history.find(one => one.sequence === sequence - 1);
    // Without the deployment before, which is a finding of its own, nobody knows what its event says.
    if (sequence > 1 && !before || isEventOf(event, before, after)) return [];
    return [{ code: 'event-differs', message: `the event of deployment ${sequence} is not that of what was deployed` }];
  });
  const last = Math.max(deployment.sequence, ...history.map(({ sequence }) => sequence));
  const known = new Set(Array.from({ length: last }, (_, index) => eventKey({ ...placed, sequence: index + 1 }).sk));
  const strangers = events.filter(({ sk }) => !known.has(sk));
  return [...faults, ...strangers.map(({ sk }) => ({ code: 'event-differs' as const, message: `${sk} is the event of no deployment` }))];
}

/** Whether an event tells of the deployment that came after another one. */
export function isEventOf(event: Members, before: Deployment | undefined, after: Deployment): boolean {
  const expected = eventOf(before, after) as unknown as Members;
  if (event.event_id !== expected.event_id || event.detail_type !== expected.detail_type || !isRecord(event.detail)) return false;
  const detail: JsonRecord = event.detail;
  const wanted = expected.detail as JsonRecord;
  return NEEDED.every(name => Object.hasOwn(detail, name))
    && Object.keys(detail).every(name => !Object.hasOwn(wanted, name) || isDeepStrictEqual(detail[name], wanted[name]));
}
