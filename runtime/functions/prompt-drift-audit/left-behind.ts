import type { Finding } from './findings';
import type { Inventory } from './inventory';
import { ObjectReader } from './object-reader';
import type { AuditContext } from './prompt-verdict';
import type { Item } from './registry-store';
import { isFresh, tryDeployment } from './written-text';
import { PROMPT_REGISTRY } from '../../../src/contract/data';
import { eventOf, type WaitingEvent } from '../../../src/contract/prompts/deployment-event';
import { deploymentObject, type Placed } from '../../../src/contract/prompts/registry-keys';
import { tryItemPlace } from '../../../src/contract/prompts/registry-places';
import type { Deployment } from '../../../src/contract/prompts/statements';
import { logger } from '../../node';

const { logEvents: LOG_EVENTS } = PROMPT_REGISTRY.driftAudit;

/**
 * Publishes the events of a prompt that a command left behind when it ended too early: at least once, each with the id it always has.
 *
 * An event in the table is not signed, so what is published is what the two signed deployments say; one that they do not say is a finding.
 */
export async function publishLeftBehind(inventory: Inventory, context: AuditContext): Promise<Finding[]> {
  const objects = new ObjectReader(context.store, inventory.objects);
  const found: Finding[] = [];
  for (const item of [...inventory.waiting].sort((one, other) => (one.sk < other.sk ? -1 : 1))) {
    const { environment = '', sequence = 0, id } = tryItemPlace(item)!;
    const [before, after] = await Promise.all([sequence - 1, sequence].map(async one => tryDeployment(
      await objects.tryLatest(deploymentObject({ environment, id, sequence: one })), { environment, id, sequence: one }, context)));
    const isFounded = after !== undefined && (before !== undefined || sequence === 1);
    if (isFounded && isFresh(after)) continue;
    const event = isFounded ? eventOf(before, after) : undefined;
    if (!event || !isSame(item, event)) found.push(findingOf({ environment, id }, item, event, after));
    if (!event) continue;
    await context.store.publish(event);
    await context.store.markPublished(item);
    const { event_id, detail_type } = event;
    logger.warn(LOG_EVENTS.eventPublished, { prompt_id: id, environment, sequence, event_id, detail_type });
  }
  return found;
}

/** What else it says, or does not say, may be of another release of the command. */
function isSame({ detail, detail_type, event_id }: Item, event: WaitingEvent): boolean {
  const told = Object(detail) as Readonly<Record<string, unknown>>;
  return event_id === event.event_id && detail_type === event.detail_type
    && Object.entries(event.detail).every(([name, value]) => !Object.hasOwn(told, name) || told[name] === value);
}

function findingOf({ environment, id }: Placed, item: Item, event: WaitingEvent | undefined, after: Deployment | undefined): Finding {
  const problem = event ? 'is not the one of its deployment' : 'is of no deployment that the registry\'s key signed';
  return {
    prompt_id: id, environment, code: 'event-forged', message: `${item.sk} ${problem}`, registry_hash: after?.active.template_hash,
  };
}
