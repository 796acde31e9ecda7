import {
  DeleteObjectCommand, GetObjectRetentionCommand, ListObjectVersionsCommand, PutObjectRetentionCommand, S3Client,
} from '@aws-sdk/client-s3';
import { PROMPT_REGISTRY } from '../../src/contract/data';

const DAY_MS = 86_400_000;

/** What the lock of a bucket did not keep from harm. */
export interface LockReport {
  readonly objects: number;
  readonly faults: readonly string[];
}

/** Tries on every version of every object what a thief would: delete it, and shorten its lock. Both have to be refused. */
export async function tryLock(bucket: string, region: string): Promise<LockReport> {
  const s3 = new S3Client({ region, forcePathStyle: true });
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
  const faults: string[] = [];
  for (const { Key, VersionId } of Versions) {
    const version = { Bucket: bucket, Key, VersionId };
    const { Retention } = await s3.send(new GetObjectRetentionCommand(version));
    const daysLeft = ((Retention?.RetainUntilDate?.getTime() ?? 0) - Date.now()) / DAY_MS;
    const { objectLockMode, defaultRetentionDays } = PROMPT_REGISTRY.storage;
    if (Retention?.Mode !== objectLockMode || daysLeft < defaultRetentionDays - 1) faults.push(`${Key} is not locked`);
    const shorter = { Mode: objectLockMode, RetainUntilDate: new Date(Date.now() + DAY_MS) };
    const attempts = {
      'its lock was shortened': () => s3.send(new PutObjectRetentionCommand({
        ...version, Retention: shorter, BypassGovernanceRetention: true,
      })),
      'it was deleted': () => s3.send(new DeleteObjectCommand({ ...version, BypassGovernanceRetention: true })),
    };
    for (const [harm, attempt] of Object.entries(attempts)) {
      const refusal = await attempt().then(() => undefined, (error: Error) => error.name);
      if (refusal !== 'AccessDenied') faults.push(`${Key}: ${refusal ?? harm}`);
    }
  }
  s3.destroy();
  return { objects: Versions.length, faults };
}
