import type { AuditInput } from './audit-input';
import type { Finding, Served, Verdict } from './findings';
import { emptyInventory, type Inventory, readPrompt, readRegistry } from './inventory';
import { publishLeftBehind } from './left-behind';
import { type AuditContext, judgePrompt } from './prompt-verdict';
import { RegistryStore } from './registry-store';
import { PROMPT_REGISTRY } from '../../../src/contract/data';

const { inParallel: IN_PARALLEL, reserveSeconds: RESERVE_SECONDS } = PROMPT_REGISTRY.driftAudit;

/** What came of an audit. */
export interface AuditResult {
  readonly findings: readonly Finding[];
  readonly served: readonly Served[];
  /** Why some of it could not be looked at. Empty: all of it was. */
  readonly incomplete: readonly string[];
}

/** Looks at everything of a registry. Errors: the registry as a whole cannot be read. */
export async function audit(input: AuditInput, timeLeftMs: () => number): Promise<AuditResult> {
  const store = new RegistryStore(input);
  const { environments, bundled } = input;
  const context: AuditContext = { store, cryptography: await store.cryptography(), environments, bundled };
  const inventories = withBundled(await readRegistry(context), input);
  const verdicts: Verdict[] = [];
  const incomplete: string[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < inventories.length && timeLeftMs() > RESERVE_SECONDS * 1_000) {
      const inventory = inventories[next++];
      try {
        verdicts.push(await lookAt(inventory, context));
      } catch (error) {
        incomplete.push(`${inventory.id}: ${(error as Error).name}: ${(error as Error).message}`);
      }
    }
  };
  await Promise.all(Array.from({ length: IN_PARALLEL }, work));
  if (next < inventories.length) incomplete.push(`no time left for ${inventories.length - next} of ${inventories.length} prompts`);
  return {
    findings: sorted(verdicts.flatMap(({ findings }) => findings)),
    served: sorted(verdicts.flatMap(({ served }) => served)),
    incomplete,
  };
}

/** A promotion may be under way: what looks wrong is read once more before anybody is told. */
async function lookAt(first: Inventory, context: AuditContext): Promise<Verdict> {
  let [inventory, verdict] = [first, await judgePrompt(first, context)];
  if (verdict.findings.length > 0) {
    inventory = await readPrompt(context, first.id);
    verdict = await judgePrompt(inventory, context);
  }
  const { findings, served } = verdict;
  return { findings: [...findings, ...await publishLeftBehind(inventory, context)], served };
}

/** A prompt may be in functions' code and nowhere in the registry. */
function withBundled(inventories: readonly Inventory[], { bundled }: AuditInput): Inventory[] {
  const known = new Set(inventories.map(({ id }) => id));
  const unknown = new Set(Object.values(bundled).flatMap(prompts => Object.keys(prompts)).filter(id => !known.has(id)));
  return [...inventories, ...[...unknown].map(emptyInventory)];
}

function sorted<T extends Finding | Served>(entries: readonly T[]): T[] {
  const name = ({ prompt_id, environment }: T): string => `${prompt_id} ${environment}`;
  return [...entries].sort((one, other) => (name(one) < name(other) ? -1 : name(one) > name(other) ? 1 : 0));
}
