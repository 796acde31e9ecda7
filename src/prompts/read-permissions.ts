import { Lazy, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { PromptStore } from './store';
import { deployedPartition, environmentPrefix } from '../contract/prompts/registry-keys';
import { serviceHost } from '../standards/identities/service-host';

/** What is read, of which store. */
export interface ReadPermissions {
  readonly store: PromptStore;
  readonly environment: string;
  /** The ids of the prompts. It may grow until the template is made. */
  readonly ids: ReadonlySet<string>;
}

/** The versions of exactly these prompts in one environment: what is deployed, its object, and the key that both are encrypted with. */
export function readStatements(scope: IConstruct, permissions: ReadPermissions): PolicyStatement[] {
  const { store: { table, encryptionKey, signingKey } } = permissions;
  const { region } = Stack.of(scope);
  const objects = Lazy.list({ produce: () => readableObjects(permissions) });
  return [
    new PolicyStatement({
      sid: 'ReadDeployedPrompts',
      actions: ['dynamodb:GetItem'],
      resources: [table.tableArn],
      conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': partitions(permissions) } },
    }),
    new PolicyStatement({ sid: 'ReadPromptVersions', actions: ['s3:GetObject', 's3:GetObjectVersion'], resources: objects }),
    new PolicyStatement({
      sid: 'DecryptPromptVersions',
      actions: ['kms:Decrypt'],
      resources: [encryptionKey.keyArn],
      conditions: {
        StringEquals: { 'kms:ViaService': serviceHost('s3', region) },
        StringLike: { 'kms:EncryptionContext:aws:s3:arn': objects },
      },
    }),
    new PolicyStatement({
      sid: 'DecryptDeployedPrompts',
      actions: ['kms:Decrypt'],
      resources: [encryptionKey.keyArn],
      conditions: {
        StringEquals: {
          'kms:ViaService': serviceHost('dynamodb', region),
          'kms:EncryptionContext:aws:dynamodb:tableName': table.tableName,
        },
      },
    }),
    ...signingKey ? [new PolicyStatement({ sid: 'VerifyPrompts', actions: ['kms:GetPublicKey'], resources: [signingKey.keyArn] })] : [],
  ];
}

/** The ARNs of the objects that the statements open: each ends in a wildcard for the versions of one prompt. */
export function readableObjects({ store: { bucket }, environment, ids }: ReadPermissions): string[] {
  return [...ids].sort().map(id => bucket.arnForObjects(`${environmentPrefix({ environment, id })}*`));
}

/** Known when the template is made: until then there may be more prompts. */
function partitions({ environment, ids }: ReadPermissions): string[] {
  return Lazy.list({ produce: () => [...ids].sort().map(id => deployedPartition({ environment, id })) });
}
