import { Check } from './rule';
import { PROMPT_REGISTRY } from '../../../contract/data';
import { isRecord } from '../../../contract/template/template-values';
import { statementsOf } from '../policies/statements';
import { AppModel } from '../template/app-model';
import { TemplateResource } from '../template/template';

const { storage } = PROMPT_REGISTRY;
const BUCKET = 'AWS::S3::Bucket';
const BLOCKS = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

/** What a bucket of prompts is, by the name of a finding where it is not. */
const DEMANDS: Readonly<Record<string, (bucket: TemplateResource, app: AppModel) => boolean>> = {
  ObjectLock: (bucket, app) => isSaid(bucket, app, 'true', 'ObjectLockEnabled')
    && isSaid(bucket, app, storage.objectLockMode, 'ObjectLockConfiguration', 'Rule', 'DefaultRetention', 'Mode'),
  Versioning: (bucket, app) => isSaid(bucket, app, 'Enabled', 'VersioningConfiguration', 'Status'),
  PublicAccess: (bucket, app) => BLOCKS.every(block => isSaid(bucket, app, 'true', 'PublicAccessBlockConfiguration', block)),
  ForeignWrites: (bucket, app) => isGuarded(bucket, app),
};

export const PromptBucketLocked: Check = (resource, app) => {
  if (!isOfRegistry(resource, app)) return undefined;
  return Object.keys(DEMANDS).filter(name => !DEMANDS[name](resource, app)).map(what => ({ what }));
};

function isOfRegistry(resource: TemplateResource, app: AppModel): boolean {
  if (resource.type !== BUCKET) return false;
  return app.items(resource, resource.properties.Tags).some(tag => isRecord(tag) && app.texts(resource, tag.Key).includes(storage.tag));
}

/** Whether a property says this in every case: one that is known only at deployment may say something else. */
function isSaid(bucket: TemplateResource, app: AppModel, wanted: string, ...path: string[]): boolean {
  const value = path.reduce<unknown[]>(
    (values, name) => values.flatMap(inner => app.items(bucket, isRecord(inner) ? inner[name] : undefined)), [bucket.properties]);
  return value.length > 0 && value.every(said => String(said) === wanted);
}

/** Whether a policy of the bucket denies writes to those whom it does not name. */
function isGuarded(bucket: TemplateResource, app: AppModel): boolean {
  return app.resources('AWS::S3::BucketPolicy')
    .filter(policy => app.referenced(policy, 'Bucket').includes(bucket))
    .flatMap(policy => statementsOf(policy.properties.PolicyDocument, policy, app))
    .some(({ Effect, Condition }) => Effect === 'Deny' && JSON.stringify(Condition ?? '').includes('aws:PrincipalArn'));
}
