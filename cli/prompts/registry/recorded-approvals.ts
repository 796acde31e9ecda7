import { isDeepStrictEqual } from 'util';
import type { RegistryParts } from './parts';
import { Tampered } from './tampered';
import { findUnsignedApproval, recordedApproval, RecordedApproval } from '../../../src/contract/prompts/recorded-approvals';
import { recordKey, VersionName } from '../../../src/contract/prompts/registry-keys';
import { CouldNotRun } from '../../system/could-not-run';

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
    const approvals = signed.map(recordedApproval).sort(compare);
    if (isDeepStrictEqual(record.approvals, approvals)) return;
    if (await port.replaceApprovals(recordKey(name), record.approvals, approvals)) return;
  }
  throw new CouldNotRun(`Somebody changes the record of ${name.id} ${name.version} all the time. Try again later.`);
}

function compare(one: RecordedApproval, other: RecordedApproval): number {
  const [left, right] = [one, other].map(({ time, role, reviewer }) => JSON.stringify([time, role, reviewer]));
  return left < right ? -1 : left > right ? 1 : 0;
}
