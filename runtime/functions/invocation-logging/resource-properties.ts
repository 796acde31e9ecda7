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

/** CloudFormation makes a text of every boolean. */
export function resourceProperties({ ResourceProperties: given }: CloudFormationCustomResourceEvent): ResourceProperties {
  const text = JSON.stringify(given.loggingConfig);
  const loggingConfig = JSON.parse(text, (_key, value: unknown) => (value === 'true' ? true : value === 'false' ? false : value));
  return { loggingConfig: loggingConfig as LoggingConfig, recordName: given.recordName, formerRoleArn: given.formerRoleArn };
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
