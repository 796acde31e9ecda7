import { Lazy, Token } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { BEDROCK_ROLE } from '../../contract/data';
import { serviceHost } from '../../standards/identities/service-host';
import { TeachingErrors } from '../../standards/teaching-error';
import { GrantConditions, PolicyGrant } from '../models/policy-grant';

/** A folder of a bucket. */
export interface BedrockDataLocation {
  /** The bucket. If the library knows its encryption key, the key is granted too, for use through S3. */
  readonly bucket: IBucket;

  /** The folder: what the objects' keys begin with, for example `training/`. */
  readonly prefix: string;
}

const { readData, writeData, listData, decryptData, encryptData } = BEDROCK_ROLE.statements;

/** Refuses a folder that would be the whole bucket, or a pattern. */
export function requireFolder({ prefix }: BedrockDataLocation, what: string, fault: TeachingErrors): void {
  if (Token.isUnresolved(prefix) || /^(?!\/)[A-Za-z0-9!_.'()/-]+$/.test(prefix)) return;
  throw fault({
    problem: `the prefix of the ${what} is no folder`,
    given: prefix,
    allowed: 'a folder of the bucket, without a wildcard',
    fix: 'name the folder, for example "training/"',
  });
}

/** Reading the objects of a folder, and listing them. */
export function readGrants(location: BedrockDataLocation): PolicyGrant[] {
  const key = location.bucket.encryptionKey;
  return [
    { ...readData, resources: [objectsOf(location)] },
    { ...listData, resources: [location.bucket.bucketArn], conditions: { StringLike: { 's3:prefix': `${folderOf(location)}*` } } },
    ...key ? [{ ...decryptData, resources: [key.keyArn], conditions: throughS3(key) }] : [],
  ];
}

/** Writing objects into a folder. */
export function writeGrants(location: BedrockDataLocation): PolicyGrant[] {
  const key = location.bucket.encryptionKey;
  return [
    { ...writeData, resources: [objectsOf(location)] },
    ...key ? [{ ...encryptData, resources: [key.keyArn], conditions: throughS3(key) }] : [],
  ];
}

/** The key serves S3 alone, which stands in the key's Region: the role itself may decrypt nothing with it. */
function throughS3(key: IKey): GrantConditions {
  return { StringEquals: { 'kms:ViaService': serviceHost('s3', key.env.region) } };
}

function objectsOf(location: BedrockDataLocation): string {
  return location.bucket.arnForObjects(`${folderOf(location)}*`);
}

/** "training" would also match "training-of-someone-else". How a lazy prefix ends is seen when the template is made. */
function folderOf({ prefix }: BedrockDataLocation): string {
  const asFolder = (text: unknown) => (typeof text === 'string' && text.endsWith('/') ? text : `${prefix}/`);
  return Token.isUnresolved(prefix) ? Lazy.uncachedString({ produce: context => asFolder(context.resolve(prefix)) }) : asFolder(prefix);
}
