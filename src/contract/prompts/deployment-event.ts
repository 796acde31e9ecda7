import { JsonValue } from './canonical-json';
import { Deployment } from './statements';
import { PROMPT_REGISTRY } from '../data';

/** An event as it waits in the table until it is published. */
export interface WaitingEvent {
  readonly event_id: string;
  readonly published: boolean;
  readonly detail_type: string;
  readonly detail: { readonly [name: string]: JsonValue };
}

/** The event of a deployment: all of it follows from two signed deployments. */
export function eventOf(before: Deployment | undefined, after: Deployment): WaitingEvent {
  const { environment, prompt_id, sequence, active, candidate, reason, by, time, event_id } = after;
  const to = candidate ?? active;
  const from = droppedOf(before, after) ?? before?.active;
  const common = {
    event_id,
    prompt_id,
    sequence,
    time,
    environment,
    template_hash: to.template_hash,
    from_version: from?.version ?? null,
    to_version: to.version,
    triggered_by: by,
  };
  return {
    event_id,
    published: false,
    ...reason === undefined
      ? { detail_type: PROMPT_REGISTRY.promotedEvent.name, detail: { ...common, candidate_percent: candidate?.percent ?? null } }
      : { detail_type: PROMPT_REGISTRY.rollbackEvent.name, detail: { ...common, rollback_reason: reason } },
  };
}

/** What every event has to say; what else it says may be of another release of who writes it. */
const NEEDED: readonly string[] = [...PROMPT_REGISTRY.events.commonFields, 'environment', 'from_version', 'to_version', 'triggered_by'];

/** Whether an event, which nobody signs, tells of the deployment that came after another one. */
export function isEventOf(event: Readonly<Record<string, unknown>>, before: Deployment | undefined, after: Deployment): boolean {
  const { event_id, detail_type, detail: wanted } = eventOf(before, after);
  const detail = Object(event.detail) as Readonly<Record<string, unknown>>;
  return event.event_id === event_id && event.detail_type === detail_type && NEEDED.every(name => Object.hasOwn(detail, name))
    && Object.keys(detail).every(name => !Object.hasOwn(wanted, name) || detail[name] === wanted[name]);
}

/** The candidate that a rollback took away while the active version stayed. */
function droppedOf(before: Deployment | undefined, { active, candidate }: Deployment): Deployment['candidate'] {
  return before?.candidate && !candidate && before.active.version === active.version ? before.candidate : undefined;
}
