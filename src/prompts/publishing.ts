import { Stack } from 'aws-cdk-lib';
import { IEventBus } from 'aws-cdk-lib/aws-events';
import { IRole, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IStringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct, IConstruct } from 'constructs';
import { PromptStore } from './store';
import { PROMPT_REGISTRY } from '../contract/data';
import { offerPolicy } from '../standards/identities/policy-offer';
import { serviceHost } from '../standards/identities/service-host';
import { acknowledgeWildcards } from '../standards/late-values/acknowledge-wildcards';

/** What a role needs to publish with. */
export interface PublishingPlace extends PromptStore {
  readonly signingKey: IKey;
  readonly eventBus: IEventBus;
  readonly parameter: IStringParameter;
}

const { driftAudit: { writableAttributes }, signing, table: KEYS } = PROMPT_REGISTRY;
const READ_OBJECTS = ['s3:GetObject', 's3:GetObjectVersion'];
const READ_ITEMS = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan'];
const WRITE_ITEMS = ['dynamodb:ConditionCheckItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];

/** Lets a role publish, approve, promote and roll back: nothing that deletes, and nothing beside the registry. */
export function allowPublishing(scope: Construct, id: string, role: IRole, place: PublishingPlace): void {
  const objects = [place.bucket.arnForObjects('*')];
  attach(scope, id, role, objects, [
    ...storeStatements(scope, place, [...READ_OBJECTS, 's3:PutObject'], [...READ_ITEMS, ...WRITE_ITEMS]),
    new PolicyStatement({ sid: 'SignPrompts', actions: ['kms:GetPublicKey', 'kms:Sign'], resources: [place.signingKey.keyArn] }),
    tellOfPrompts(place),
    findTheRegistry(place.parameter),
  ]);
}

/** Lets a role do as it likes in the sandbox: there is nothing to sign, and nobody to tell. */
export function allowSandbox(scope: Construct, id: string, role: IRole, sandbox: PromptStore, parameter: IStringParameter): void {
  attach(scope, id, role, [sandbox.bucket.arnForObjects('*')], [
    ...storeStatements(
      scope, sandbox, [...READ_OBJECTS, 's3:DeleteObject', 's3:PutObject'], [...READ_ITEMS, ...WRITE_ITEMS, 'dynamodb:DeleteItem']),
    findTheRegistry(parameter),
  ]);
}

/**
 * Lets a role read everything of a registry, and publish the events that a command left behind: of an item it may write nothing but that
 * its event is published, and sign nothing but that it was.
 */
export function allowAudit(scope: Construct, id: string, role: IRole, place: PublishingPlace): void {
  attach(scope, id, role, [place.bucket.arnForObjects('*')], [
    ...storeStatements(scope, place, READ_OBJECTS, READ_ITEMS),
    new PolicyStatement({
      sid: 'MarkPublishedEvents',
      actions: ['dynamodb:UpdateItem'],
      resources: [place.table.tableArn],
      conditions: {
        'ForAllValues:StringEquals': { 'dynamodb:Attributes': [KEYS.partitionKey, KEYS.sortKey, ...writableAttributes] },
        'StringEqualsIfExists': { 'dynamodb:ReturnValues': ['NONE', 'UPDATED_OLD', 'UPDATED_NEW'] },
        // What is not there would pass the first condition.
        'Null': { 'dynamodb:Attributes': 'false' },
      },
    }),
    new PolicyStatement({ sid: 'VerifyPrompts', actions: ['kms:GetPublicKey'], resources: [place.signingKey.keyArn] }),
    new PolicyStatement({
      sid: 'SignReceipts',
      actions: ['kms:Sign'],
      resources: [place.signingKey.keyArn],
      conditions: { StringEquals: { 'kms:SigningAlgorithm': signing.receipt.algorithm } },
    }),
    tellOfPrompts(place),
    findTheRegistry(place.parameter),
  ]);
}

function tellOfPrompts({ eventBus }: PublishingPlace): PolicyStatement {
  return new PolicyStatement({
    sid: 'TellOfPrompts',
    actions: ['events:PutEvents'],
    resources: [eventBus.eventBusArn],
    conditions: { StringEquals: { 'events:source': PROMPT_REGISTRY.events.source } },
  });
}

function findTheRegistry(parameter: IStringParameter): PolicyStatement {
  return new PolicyStatement({ sid: 'FindTheRegistry', actions: ['ssm:GetParameter'], resources: [parameter.parameterArn] });
}

function storeStatements(
  scope: IConstruct, { bucket, table, encryptionKey }: PromptStore, objectActions: string[], itemActions: string[],
): PolicyStatement[] {
  const { region } = Stack.of(scope);
  return [
    new PolicyStatement({ sid: 'PromptItems', actions: itemActions, resources: [table.tableArn] }),
    new PolicyStatement({ sid: 'PromptObjects', actions: objectActions, resources: [bucket.arnForObjects('*')] }),
    // Without it S3 says "denied" of an object that is not there.
    new PolicyStatement({ sid: 'ListPromptObjects', actions: ['s3:ListBucket', 's3:ListBucketVersions'], resources: [bucket.bucketArn] }),
    new PolicyStatement({
      sid: 'EncryptPrompts',
      actions: objectActions.includes('s3:PutObject') ? ['kms:Decrypt', 'kms:GenerateDataKey'] : ['kms:Decrypt'],
      resources: [encryptionKey.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': [serviceHost('dynamodb', region), serviceHost('s3', region)] } },
    }),
  ];
}

/** In the scope, so that a role of another stack needs nothing of this one. */
function attach(scope: Construct, id: string, role: IRole, objects: string[], statements: PolicyStatement[]): void {
  const policy = new Policy(scope, id, { statements });
  offerPolicy(role, policy);
  acknowledgeWildcards(policy, objects, 'All objects of the registry\'s own bucket.');
}
