import type { Finding } from './findings';
import type { Inventory } from './inventory';
import { ObjectReader } from './object-reader';
import type { AuditContext } from './prompt-verdict';
import { isFresh, tryDeployment } from './written-text';
import { PROMPT_REGISTRY } from '../../../src/contract/data';
import { eventOf, isEventOf } from '../../../src/contract/prompts/deployment-event';
import { deploymentObject } from '../../../src/contract/prompts/registry-keys';
import { tryItemPlace } from '../../../src/contract/prompts/registry-places';
import { logger } from '../../node';

const { logEvents: LOG_EVENTS } = PROMPT_REGISTRY.driftAudit;

const NO_DEPLOYMENT = { code: 'event-forged', problem: 'is of no deployment that the registry\'s key signed' } as const;
const EDITED = { code: 'event-forged', problem: 'is not the one of its deployment' } as const;
const SILENCED = { code: 'event-silenced', problem: 'is marked as told, by nobody who tells events' } as const;

/**
 * Publishes the events of a prompt that a command left behind when it ended too early: at least once, each with the id it always has.
 *
 * An event in the table is not signed, so what is published is what the two signed deployments say; one that they do not say is a finding,
 * and so is one that somebody marked as told who could not tell it.
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
    const wrong = !isFounded ? NO_DEPLOYMENT : !isEventOf(item, before, after) ? EDITED : item.published === true ? SILENCED : undefined;
    if (wrong) {
      found.push({
        prompt_id: id,
        environment,
        code: wrong.code,
        message: `${item.sk} ${wrong.problem}`,
        registry_hash: after?.active.template_hash,
      });
    }
    if (!isFounded) continue;
    const event = eventOf(before, after);
    await context.store.publish(event);
    await context.store.markPublished(item, { environment, id, sequence });
    const { event_id, detail_type } = event;
    logger.warn(LOG_EVENTS.eventPublished, { prompt_id: id, environment, sequence, event_id, detail_type });
  }
  return found;
}
