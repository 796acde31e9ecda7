import { createHash } from 'crypto';
import {
  BedrockClient, DeleteModelInvocationLoggingConfigurationCommand, GetModelInvocationLoggingConfigurationCommand, type LoggingConfig,
  PutModelInvocationLoggingConfigurationCommand,
} from '@aws-sdk/client-bedrock';
import { CALL_OPTIONS } from '../sdk/call-options';

const bedrock = new BedrockClient(CALL_OPTIONS);

/** What is in force in this account and Region; undefined when nothing is logged. */
export async function currentConfiguration(): Promise<LoggingConfig | undefined> {
  const { loggingConfig } = await bedrock.send(new GetModelInvocationLoggingConfigurationCommand({}));
  return loggingConfig?.cloudWatchConfig || loggingConfig?.s3Config ? loggingConfig : undefined;
}

export async function putConfiguration(loggingConfig: LoggingConfig): Promise<void> {
  await bedrock.send(new PutModelInvocationLoggingConfigurationCommand({ loggingConfig }));
}

export async function turnOff(): Promise<void> {
  await bedrock.send(new DeleteModelInvocationLoggingConfigurationCommand({}));
}

/** The same text for configurations that mean the same: whatever their order, and whether what is on is said or left out. */
export function fingerprint(configuration: LoggingConfig | undefined): string {
  return createHash('sha256').update(JSON.stringify(plain(configuration ?? {}))).digest('hex').slice(0, 16);
}

/** Of data kinds those that are off are said, for a Region that does not know one yet does not tell of it. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const meaningful = Object.entries(value).filter(([, inner]) => inner !== undefined && inner !== null && inner !== '' && inner !== true);
  return Object.fromEntries(meaningful.sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, inner]) => [key, plain(inner)]));
}

/**
 * Whether a configuration is one that we have put: by its fingerprint, or because Bedrock writes by our role. With other data kinds or
 * another log group it is still ours, for it writes no more once the role has gone.
 */
export function isOurs(current: LoggingConfig | undefined, written: readonly string[], ours: LoggingConfig): boolean {
  if (!current) return false;
  const roleArn = ours.cloudWatchConfig?.roleArn;
  return written.includes(fingerprint(current)) || roleArn !== undefined && current.cloudWatchConfig?.roleArn === roleArn;
}
