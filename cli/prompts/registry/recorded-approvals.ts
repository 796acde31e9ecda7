import { isDeepStrictEqual } from 'util';
import type { RegistryParts } from './parts';
import { Tampered } from './tampered';
import { recordKey, VersionName } from '../../../src/contract/prompts/registry-keys';
import { Approval } from '../../../src/contract/prompts/statements';
import { CouldNotRun } from '../../system/could-not-run';

/** An approval as the record has it. */
type Recorded = Pick<Approval, 'reviewer' | 'role' | 'time'>;

/** So often a record is read anew when others approve the version at the same moment. */
const ROUNDS = 25;

/**
 * Copies the signed approvals of a version into its record, where people and other tools read them; only the signed ones count.
 * A command that is cut off leaves the record behind: the next approval or promotion of the version mends it.
 */
export async function copyApprovals({ port, versions }: Pick<RegistryParts, 'port' | 'versions'>, name: VersionName): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    // The record first: so what is read after it holds whatever the record was written from.
    const record = await port.tryItem(recordKey(name));
    if (!record) return;
    const signed = await versions.approvals(name);
    const unsigned = findUnsignedApproval(record.approvals, signed);
    if (unsigned) throw new Tampered(`The record of ${name.id} ${name.version} ${unsigned}`);
    const approvals = signed.map(recorded).sort(compare);
    if (isDeepStrictEqual(record.approvals, approvals)) return;
    if (await port.replaceApprovals(recordKey(name), record.approvals, approvals)) return;
  }
  throw new CouldNotRun(`Somebody changes the record of ${name.id} ${name.version} all the time. Try again later.`);
}

/** What a record says of approvals that nobody signed, as the end of a sentence. One that lacks some is of a command that was cut off. */
export function findUnsignedApproval(approvals: unknown, signed: readonly Approval[]): string | undefined {
  if (approvals === undefined) return undefined;
  if (!Array.isArray(approvals)) return 'has approvals that are no list';
  const known = signed.map(recorded);
  return approvals.every(one => known.some(other => isDeepStrictEqual(one, other))) ? undefined : 'lists an approval that nobody signed';
}

function recorded({ reviewer, role, time }: Approval): Recorded {
  return { reviewer, role, time };
}

function compare(one: Recorded, other: Recorded): number {
  const [left, right] = [one, other].map(({ time, role, reviewer }) => JSON.stringify([time, role, reviewer]));
  return left < right ? -1 : left > right ? 1 : 0;
}
