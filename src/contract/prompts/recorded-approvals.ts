import { Approval } from './statements';

/** An approval as the record has it. */
export type RecordedApproval = Pick<Approval, 'reviewer' | 'role' | 'time'>;

export function recordedApproval({ reviewer, role, time }: Approval): RecordedApproval {
  return { reviewer, role, time };
}

/** What a record says of approvals that nobody signed, as the end of a sentence. One that lacks some is of a command that was cut off. */
export function findUnsignedApproval(approvals: unknown, signed: readonly Approval[]): string | undefined {
  if (approvals === undefined) return undefined;
  if (!Array.isArray(approvals)) return 'has approvals that are no list';
  const known = signed.map(recordedApproval);
  return approvals.every(one => known.some(other => isSame(one, other))) ? undefined : 'lists an approval that nobody signed';
}

function isSame(one: unknown, other: RecordedApproval): boolean {
  const given = Object(one) as Readonly<Record<string, unknown>>;
  const members = Object.entries(other);
  return Object.keys(given).length === members.length && members.every(([name, value]) => given[name] === value);
}
