import type { LoggingConfig } from '@aws-sdk/client-bedrock';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { currentConfiguration, isOurs, putConfiguration, turnOff } from './configuration';
import { deleteRecord, readRecord } from './record';
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
  if (isOurs(current, record.written, ours)) await restore(record.before);
  else logger.warn('invocation_logging_left', { reason: 'was changed by others since', current: current ?? null, before: record.before });
  await deleteRecord(recordName);
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
