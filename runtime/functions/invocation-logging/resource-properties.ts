import type { LoggingConfig } from '@aws-sdk/client-bedrock';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';

/** What the construct asks for. */
export interface ResourceProperties {
  readonly loggingConfig: LoggingConfig;
  /** The SSM parameter with what was there before. */
  readonly recordName: string;
  /** The role of an earlier configuration that this function may pass to Bedrock to restore it; empty when there is none. */
  readonly formerRoleArn: string;
}

export function resourceProperties({ ResourceProperties: given }: CloudFormationCustomResourceEvent): ResourceProperties {
  return { loggingConfig: withBooleans(given.loggingConfig), recordName: given.recordName, formerRoleArn: given.formerRoleArn };
}

/** What an update replaces. */
export function tryFormerConfiguration(event: CloudFormationCustomResourceEvent): LoggingConfig | undefined {
  return event.RequestType === 'Update' ? withBooleans(event.OldResourceProperties.loggingConfig) : undefined;
}

/** CloudFormation makes a text of every boolean. */
function withBooleans(given: unknown): LoggingConfig {
  const isBoolean = (key: string): boolean => key.endsWith('DataDeliveryEnabled');
  return JSON.parse(JSON.stringify(given), (key, value: unknown) => (isBoolean(key) ? String(value) === 'true' : value)) as LoggingConfig;
}

/** One custom resource, also where CloudFormation made up its physical id. */
export interface Owner {
  readonly stackId: string;
  readonly logicalId: string;
}

/** Whose event it is. */
export function ownerOf({ StackId: stackId, LogicalResourceId: logicalId }: CloudFormationCustomResourceEvent): Owner {
  return { stackId, logicalId };
}

export function isOwner(event: CloudFormationCustomResourceEvent, { stackId, logicalId }: Owner): boolean {
  return event.StackId === stackId && event.LogicalResourceId === logicalId;
}
