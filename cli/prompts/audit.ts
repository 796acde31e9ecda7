import type { Inspected } from './registry/finding';
import { AccessOptions, namedEnvironments, withRegistry } from './registry-access';
import { auditMarkdown, auditText } from './report-audit';
import { inspectedJson } from './report-inspected';
import { Console } from '../system/console';
import { CouldNotRun } from '../system/could-not-run';

export interface AuditOptions extends AccessOptions {
  readonly environment?: readonly string[];
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly readOnly?: boolean;
}

/** `plumbline prompts audit`: 1 when a prompt diverged anywhere. Events that a command left behind are told, unless --read-only. */
export async function audit(options: AuditOptions, { print, tell }: Console): Promise<number> {
  if (options.json && options.markdown) throw new CouldNotRun('The report is either --json or --markdown.');
  const { chosen, environment } = namedEnvironments(options.environment);
  const inspected = await withRegistry(options, environment, async registry => {
    const found = await registry.inspect(chosen ?? registry.environments);
    if (options.readOnly) return found;
    const told: Inspected[] = [];
    for (const one of found) {
      // Where anything else is not the registry's, nobody is told anything of it but what this report says.
      const isTelling = one.waitingEvents > 0 && one.findings.every(({ code }) => code === 'event-silenced');
      if (isTelling) {
        await registry.tellEvents(one);
        tell(`${one.environment}: ${one.waitingEvents} events of ${one.id} are told that an earlier command left behind.`);
      }
      told.push(isTelling ? { ...one, waitingEvents: 0 } : one);
    }
    return told;
  });
  print(options.json ? inspectedJson(inspected) : options.markdown ? auditMarkdown(inspected) : auditText(inspected));
  return inspected.some(({ findings }) => findings.length > 0) ? 1 : 0;
}
