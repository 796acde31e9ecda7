import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { PROMPT_REGISTRY } from '../contract/data';

const { receipt } = PROMPT_REGISTRY.signing;

/** What may be done to objects by whoever else may: a list of reads, so that what AWS adds to S3 is denied from its first day. */
const READ_OBJECTS = ['s3:GetObject*', 's3:ListMultipartUploadParts'];
/** What nobody needs: what is published stays, as it is, and as long as the bucket says. */
const UNDO_OBJECTS = [
  's3:BypassGovernanceRetention', 's3:Delete*', 's3:ObjectOwnerOverrideToBucketOwner', 's3:PutObjectLegalHold', 's3:PutObjectRetention',
  's3:Replicate*',
];
const WRITE_ITEMS = ['dynamodb:PutItem', 'dynamodb:BatchWriteItem', 'dynamodb:PartiQLInsert', 'dynamodb:PartiQLUpdate'];
/** Apart from the others: an audit marks the events that it published. */
const UPDATE_ITEMS = ['dynamodb:UpdateItem'];
const DELETE_ITEMS = ['dynamodb:DeleteItem', 'dynamodb:PartiQLDelete'];

/**
 * Lets nobody but the writers put anything into a bucket, and nobody at all delete or unlock: no policy of an identity can allow what is
 * denied here, not even an administrator's. `aws:PrincipalArn` of a session is the ARN of its role.
 */
export function guardBucket(bucket: Bucket, writers: string[]): void {
  const resources = [bucket.arnForObjects('*')];
  bucket.addToResourcePolicy(denial({ sid: 'OnlyThePipelinePublishes', notActions: READ_OBJECTS, resources, unless: writers }));
  bucket.addToResourcePolicy(denial({ sid: 'NobodyDeletes', actions: UNDO_OBJECTS, resources }));
}

/** The same for a table, whose items auditors may update beside the writers. Its policy stands in the table itself, and cannot name it. */
export function guardTable(table: Table, writers: string[], updaters: string[]): void {
  table.addToResourcePolicy(denial({ sid: 'OnlyThePipelinePublishes', actions: WRITE_ITEMS, resources: ['*'], unless: writers }));
  table.addToResourcePolicy(denial({ sid: 'OnlyPipelineAndAuditUpdate', actions: UPDATE_ITEMS, resources: ['*'], unless: updaters }));
  table.addToResourcePolicy(denial({ sid: 'NobodyDeletes', actions: DELETE_ITEMS, resources: ['*'] }));
}

/** The same for a signature. Whoever tells events may sign that they did: by an algorithm that no service takes. */
export function guardSigningKey(key: Key, writers: string[], tellers: string[]): void {
  const [actions, resources] = [['kms:Sign'], ['*']];
  key.addToResourcePolicy(denial({ sid: 'OnlyPipelineAndAuditSign', actions, resources, unless: tellers }));
  const conditions = { StringNotEquals: { 'kms:SigningAlgorithm': receipt.algorithm } };
  key.addToResourcePolicy(denial({ sid: 'OnlyThePipelineSignsPrompts', actions, resources, unless: writers, conditions }));
}

interface Denial {
  readonly sid: string;
  readonly actions?: string[];
  /** All actions but these. */
  readonly notActions?: string[];
  readonly resources: string[];
  /** The ARNs of the roles that it is not for. */
  readonly unless?: string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

function denial({ unless, conditions, ...statement }: Denial): PolicyStatement {
  return new PolicyStatement({
    ...statement,
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    ...unless && { conditions: { ...conditions, ArnNotEquals: { 'aws:PrincipalArn': unless } } },
  });
}
