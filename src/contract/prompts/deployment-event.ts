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

/** The candidate that a rollback took away while the active version stayed. */
function droppedOf(before: Deployment | undefined, { active, candidate }: Deployment): Deployment['candidate'] {
  return before?.candidate && !candidate && before.active.version === active.version ? before.candidate : undefined;
}
