import type { LoggingConfig } from '@aws-sdk/client-bedrock';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { currentConfiguration, fingerprint, putConfiguration, turnOff } from './configuration';
import { type ConfigurationRecord, deleteRecord, readRecord } from './record';
import { isOwner, resourceProperties } from './resource-properties';
import { logger } from '../../node';

/** What Bedrock answers when a log group, bucket or role of an earlier configuration is there no more, or may not be used. */
const GONE = ['ValidationException', 'AccessDeniedException', 'ResourceNotFoundException'];

/** Restores what was there before, unless somebody has changed the configuration since. Running it again changes nothing. */
export async function removeConfiguration(event: CloudFormationCustomResourceEvent): Promise<void> {
  const { recordName, loggingConfig: ours } = resourceProperties(event);
  const record = await readRecord(recordName);
  if (!record || !isOwner(event, record.owner)) {
    logger.info('invocation_logging_left', { reason: record ? 'has another owner' : 'nothing is recorded', owner: record?.owner });
    return;
  }
  const current = await currentConfiguration();
  if (isOurs(current, record, ours)) await restore(record.before);
  else logger.warn('invocation_logging_left', { reason: 'was changed by others since', current: current ?? null, before: record.before });
  await deleteRecord(recordName);
}

/** Also with other data kinds or another log group: what writes by our role writes no more once the role has gone. */
function isOurs(current: LoggingConfig | undefined, { written }: ConfigurationRecord, ours: LoggingConfig): boolean {
  if (!current) return false;
  const roleArn = ours.cloudWatchConfig?.roleArn;
  return written.includes(fingerprint(current)) || roleArn !== undefined && current.cloudWatchConfig?.roleArn === roleArn;
}

async function restore(before: LoggingConfig | null): Promise<void> {
  if (!before) return turnOff();
  try {
    await putConfiguration(before);
    logger.info('invocation_logging_restored', { before });
  } catch (error) {
    if (!(error instanceof Error) || !GONE.includes(error.name)) throw error;
    await turnOff();
    logger.error('invocation_logging_not_restored', { before, refused: `${error.name}: ${error.message}` });
  }
}
