import { CfnParameter, Duration, Stack, Tags } from 'aws-cdk-lib';
import { Bucket, CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { PromptBucketLocked } from '../../../../src/governance/pack/rules';
import { PromptRegistry } from '../../../../src/prompts';
import { Standards } from '../../../../src/standards';
import { roleIn } from '../../../prompts/support/registry-app';
import { testRule } from '../support/rule-cases';

function registry(stack: Stack): { bucket: CfnBucket; policy: CfnBucketPolicy } {
  Standards.apply(stack, { product: 'MangaAssist', environment: 'prod', checks: false });
  const made = new PromptRegistry(stack, 'Prompts', {
    environments: ['prod'], pipelineRoles: [roleIn(stack, 'Pipeline')], retention: Duration.days(1), sandbox: true,
  });
  const bucket = made.bucket.node.defaultChild as CfnBucket;
  return { bucket, policy: made.bucket.node.findChild('Policy').node.defaultChild as CfnBucketPolicy };
}

describe('buckets of prompts', () => {
  testRule(PromptBucketLocked, [
    { name: 'as PromptRegistry makes them are compliant', build: registry, verdict: 'compliant' },
    { name: 'are none without the tag', build: stack => new Bucket(stack, 'Bucket'), verdict: 'not applicable' },
    {
      name: 'made by hand',
      build: stack => Tags.of(new Bucket(stack, 'Bucket')).add('plumbline:prompts', 'registry'),
      verdict: ['ForeignWrites', 'ObjectLock', 'PublicAccess', 'Versioning'],
    },
    {
      name: 'in GOVERNANCE mode',
      build: stack => registry(stack).bucket.addPropertyOverride('ObjectLockConfiguration.Rule.DefaultRetention.Mode', 'GOVERNANCE'),
      verdict: ['ObjectLock'],
    },
    {
      name: 'whose mode is known only at deployment',
      build: stack => registry(stack).bucket.addPropertyOverride(
        'ObjectLockConfiguration.Rule.DefaultRetention.Mode', new CfnParameter(stack, 'Mode').valueAsString),
      verdict: ['ObjectLock'],
    },
    {
      name: 'without a lock',
      build: stack => registry(stack).bucket.addPropertyDeletionOverride('ObjectLockEnabled'),
      verdict: ['ObjectLock'],
    },
    {
      name: 'without versions',
      build: stack => registry(stack).bucket.addPropertyOverride('VersioningConfiguration.Status', 'Suspended'),
      verdict: ['Versioning'],
    },
    {
      name: 'that may be public',
      build: stack => registry(stack).bucket.addPropertyOverride('PublicAccessBlockConfiguration.BlockPublicPolicy', false),
      verdict: ['PublicAccess'],
    },
    {
      name: 'that others may write to',
      build: stack => registry(stack).policy.addPropertyOverride('PolicyDocument.Statement', []),
      verdict: ['ForeignWrites'],
    },
  // The CDK writes tags while it synthesises.
  ], ['after synthesis']);
});
