import type { LoggingConfig } from '@aws-sdk/client-bedrock';
import { DeleteParameterCommand, GetParameterCommand, ParameterNotFound, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Owner } from './resource-properties';
import { CALL_OPTIONS } from '../sdk/call-options';

const ssm = new SSMClient(CALL_OPTIONS);

const DESCRIPTION = 'cdk-plumbline: whose the log of Bedrock invocations is, and what was configured before. Deleted with its stack.';

/**
 * What has to be known when the configuration goes: a custom resource is told nothing at its end but its properties, and its physical id
 * holds too little.
 */
export interface ConfigurationRecord {
  readonly owner: Owner;
  /** Null: nothing was logged. */
  readonly before: LoggingConfig | null;
  /** The fingerprints of what we have put since, the newest first. */
  readonly written: readonly string[];
}

/** Undefined when there is none. */
export async function readRecord(name: string): Promise<ConfigurationRecord | undefined> {
  try {
    const { Parameter: parameter } = await ssm.send(new GetParameterCommand({ Name: name }));
    return JSON.parse(parameter!.Value!) as ConfigurationRecord;
  } catch (error) {
    if (error instanceof ParameterNotFound) return undefined;
    throw error;
  }
}

/** The first one never overwrites: of two stacks that begin at once, one fails. */
export async function writeRecord(name: string, record: ConfigurationRecord, isFirst: boolean): Promise<void> {
  await ssm.send(new PutParameterCommand({
    Name: name,
    Value: JSON.stringify(record),
    Type: 'String',
    Tier: 'Intelligent-Tiering', // Two long prefixes and a long role ARN do not fit into 4 KB.
    Description: DESCRIPTION,
    Overwrite: !isFirst,
  }));
}

/** As often as one likes. */
export async function deleteRecord(name: string): Promise<void> {
  try {
    await ssm.send(new DeleteParameterCommand({ Name: name }));
  } catch (error) {
    if (!(error instanceof ParameterNotFound)) throw error;
  }
}
