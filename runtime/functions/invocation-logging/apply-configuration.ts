import { setTimeout as pause } from 'timers/promises';
import type { LoggingConfig } from '@aws-sdk/client-bedrock';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { currentConfiguration, fingerprint, isOurs, putConfiguration } from './configuration';
import { type ConfigurationRecord, readRecord, writeRecord } from './record';
import { isOwner, ownerOf, resourceProperties, tryFormerConfiguration } from './resource-properties';
import { logger } from '../../node';

/** What may be in force of ours: a handful of updates and their rollbacks. */
const MAX_WRITTEN = 8;
/** A new role counts everywhere only after some seconds, and Bedrock tries it out at once. */
const PAUSE_MS = 3_000;
/** What is left for the answer to CloudFormation. */
const RESERVE_MS = 20_000;

/**
 * Puts the configuration that the event asks for, and records what it replaces. Running it again changes nothing.
 *
 * The record comes first: whatever happens afterwards, what was there before is known.
 */
export async function applyConfiguration(event: CloudFormationCustomResourceEvent, remainingMs: () => number): Promise<void> {
  const { loggingConfig: wanted, recordName, formerRoleArn } = resourceProperties(event);
  const [known, current] = [await readRecord(recordName), await currentConfiguration()];
  requireOwner(event, known, recordName);
  const formerly = tryFormerConfiguration(event);
  const record: ConfigurationRecord = {
    owner: ownerOf(event),
    before: known ? known.before : strangersOnly(current, formerly, wanted),
    written: withNewest(known?.written ?? [], fingerprint(wanted)),
  };
  requireRestorable(record.before, formerRoleArn);
  if (known && current && !known.written.includes(fingerprint(current))) {
    logger.warn('invocation_logging_overwritten', { changed_by_hand: current });
  }
  await writeRecord(recordName, record, !known);
  await putWhenPermitted(wanted, remainingMs);
  await recordAsRead(recordName, record, current);
}

/** Where somebody has deleted the record, nobody knows what was there before us. */
function strangersOnly(
  current: LoggingConfig | undefined, formerly: LoggingConfig | undefined, wanted: LoggingConfig,
): LoggingConfig | null {
  if (!current || isOurs(current, formerly ? [fingerprint(formerly)] : [], wanted)) return null;
  return current;
}

/** One log, one owner: a second one would take it away from the first, and end it while the first one still counts on it. */
function requireOwner(event: CloudFormationCustomResourceEvent, record: ConfigurationRecord | undefined, recordName: string): void {
  if (!record || isOwner(event, record.owner)) return;
  const { stackId, logicalId } = record.owner;
  throw new Error('The log of Bedrock invocations of this account and Region has an owner already. '
    + `Given: ${event.LogicalResourceId} of ${event.StackId}. Owner: ${logicalId} of ${stackId}. `
    + 'Allowed: one BedrockInvocationLogging an account and Region. To mend it, remove one of the two; to move or rename one, deploy once '
    + `without it; where the owner is gone, delete the SSM parameter ${recordName}.`);
}

/** What we could not put back later, we do not take away now. */
function requireRestorable(before: LoggingConfig | null, formerRoleArn: string): void {
  const roleArn = before?.cloudWatchConfig?.roleArn;
  if (!roleArn || roleArn === formerRoleArn) return;
  throw new Error('The account logs its Bedrock invocations in this Region already, with a role that this stack may not give back to '
    + `Bedrock. Given: formerRole ${formerRoleArn || 'nothing'}. Found: ${roleArn}. To mend it, set formerRole: Role.fromRoleArn(…) of the `
    + 'BedrockInvocationLogging to the role found, so that the configuration is restored when the construct goes; or turn that logging '
    + 'off first.');
}

async function putWhenPermitted(wanted: LoggingConfig, remainingMs: () => number): Promise<void> {
  for (;;) {
    try {
      return await putConfiguration(wanted);
    } catch (error) {
      if (!isNotYetPermitted(error) || remainingMs() < RESERVE_MS + PAUSE_MS) throw error;
      logger.info('invocation_logging_waits_for_permissions');
      await pause(PAUSE_MS);
    }
  }
}

const isNotYetPermitted = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ValidationException' && /permission|assume/i.test(error.message);

/** Bedrock may tell of the configuration in other words than it was given. */
async function recordAsRead(name: string, record: ConfigurationRecord, former: LoggingConfig | undefined): Promise<void> {
  const read = await currentConfiguration();
  const print = fingerprint(read);
  if (!read || record.written.includes(print) || print === fingerprint(former)) return;
  await writeRecord(name, { ...record, written: withNewest(record.written, print) }, false);
}

const withNewest = (written: readonly string[], print: string): string[] =>
  [print, ...written.filter(other => other !== print)].slice(0, MAX_WRITTEN);
