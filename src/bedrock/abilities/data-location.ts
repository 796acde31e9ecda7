import { Token } from 'aws-cdk-lib';
import { BedrockDataLocation } from './bedrock-data-location';
import { Reject } from '../models/model-checks';
import { PolicyGrant } from '../role/policy-grant';
import { BEDROCK_ROLE } from '../../contract/data';

const { readData, writeData, listData, decryptData, encryptData } = BEDROCK_ROLE.statements;

/** Rejects a folder that would be the whole bucket, or a pattern. */
export function checkLocation({ prefix }: BedrockDataLocation, what: string, reject: Reject): void {
  if (!Token.isUnresolved(prefix) && !/^(?!\/)[A-Za-z0-9!_.'()/-]+$/.test(prefix)) {
    reject(`the prefix of the ${what} is no folder`, prefix, 'a folder of the bucket, without a wildcard', 'name the folder, for example "training/"');
  }
}

/** Reading the objects of a folder, and listing them. */
export function readGrants(location: BedrockDataLocation): PolicyGrant[] {
  const key = location.bucket.encryptionKey;
  return [
    { ...readData, resources: [objectsOf(location)] },
    { ...listData, resources: [location.bucket.bucketArn], conditions: { StringLike: { 's3:prefix': `${folderOf(location)}*` } } },
    ...key ? [{ ...decryptData, resources: [key.keyArn] }] : [],
  ];
}

/** Writing objects into a folder. */
export function writeGrants(location: BedrockDataLocation): PolicyGrant[] {
  const key = location.bucket.encryptionKey;
  return [
    { ...writeData, resources: [objectsOf(location)] },
    ...key ? [{ ...encryptData, resources: [key.keyArn] }] : [],
  ];
}

function objectsOf(location: BedrockDataLocation): string {
  return location.bucket.arnForObjects(`${folderOf(location)}*`);
}

/** "training" would also match "training-of-someone-else". */
function folderOf({ prefix }: BedrockDataLocation): string {
  return prefix.endsWith('/') ? prefix : `${prefix}/`;
}
