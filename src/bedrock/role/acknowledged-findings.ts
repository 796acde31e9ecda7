import { Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { acknowledgeWildcards } from '../../standards/late-values/acknowledge-wildcards';
import { PolicyGrant } from '../models/policy-grant';

const INLINE_POLICY_RULES = ['NIST.800.53.R4', 'NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321'].map(pack => `${pack}-IAMNoInlinePolicy`);

/** Acknowledges what the statements cannot avoid, and nothing else. */
export function acknowledgeGrants(policy: IConstruct, grants: readonly PolicyGrant[]): void {
  const allowed = grants.filter(({ effect }) => effect !== 'Deny').flatMap(({ resources }) => resources);
  const patterns = [...new Set(allowed.filter(resource => resource.includes('*')))];
  acknowledgeWildcards(policy, patterns.filter(resource => resource === '*'),
    'AWS defines these actions without resources: listing models for the health check and, where allowed, inline agents, ' +
    'reranking, generating from a knowledge base and bearer tokens. Models are invoked by exact ARN.');
  acknowledgeWildcards(policy, patterns.filter(resource => resource !== '*'),
    'Bedrock makes up the ids of jobs and invocations, and S3 keys below a folder are not known before: the ARN is exact up to there.');
}

/** Acknowledges that the policy is inline. */
export function acknowledgeInlinePolicy(policy: IConstruct): void {
  for (const id of INLINE_POLICY_RULES) {
    Validations.of(policy).acknowledge({
      id,
      reason: 'The policy is made for exactly this role, is reviewed with it, and must never be attached to another: ' +
        'it lives and dies with the role.',
    });
  }
}
