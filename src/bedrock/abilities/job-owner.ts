import { createHash } from 'crypto';
import { Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { AbilityContext } from './ability';
import { BEDROCK_ROLE } from '../../contract/data';
import { TeachingErrors } from '../../standards/teaching-error';
import { GrantConditions, PolicyGrant } from '../models/policy-grant';

const { jobTag, statements: { tagJobs } } = BEDROCK_ROLE;
const REQUESTED = `aws:RequestTag/${jobTag.key}`;
const CARRIED = `aws:ResourceTag/${jobTag.key}`;

const TAG_VALUE = /^[A-Za-z0-9 ._:/=+@-]{1,256}$/;

/**
 * A role as the owner of its jobs: the name of its stack, which is one in an account and Region, and its path below. `ids` lead
 * from the scope to a role that is still to be made.
 */
export function ownerName(scope: IConstruct, ...ids: string[]): string {
  const { scopes } = scope.node;
  const stack = scopes.find(Stack.isStack)!;
  const path = [...scopes.slice(scopes.indexOf(stack) + 1).map(({ node }) => node.id), ...ids].join('/');
  const name = `${stack.stackName}/${path}`;
  return TAG_VALUE.test(name) ? name : `${stack.stackName}/${createHash('sha256').update(path).digest('hex')}`;
}

/** What makes jobs, and whose they are. */
interface JobPermissions {
  readonly jobOwner?: string;
  readonly allowFineTuning?: boolean;
  readonly allowBatchInference?: boolean;
  readonly allowAsyncInvoke?: boolean;
}

/** Refuses an owner that Bedrock does not take as the value of a tag, that IAM would read as something else, or of nothing. */
export function requireJobOwner(permissions: JobPermissions, fault: TeachingErrors): void {
  const { jobOwner, allowFineTuning, allowBatchInference, allowAsyncInvoke } = permissions;
  if (jobOwner === undefined) return;
  if (!allowFineTuning && !allowBatchInference && !allowAsyncInvoke) {
    throw fault({
      problem: 'jobOwner is given, and the role makes no jobs',
      given: jobOwner,
      allowed: 'jobOwner together with allowFineTuning, allowBatchInference or allowAsyncInvoke',
      fix: 'remove jobOwner',
    });
  }
  if (Token.isUnresolved(jobOwner) || TAG_VALUE.test(jobOwner)) return;
  throw fault({
    problem: 'jobOwner is no value of a tag',
    given: jobOwner,
    allowed: 'letters, digits, spaces and . _ : / = + @ -, at most 256, no wildcard and no variable',
    fix: 'name the service that owns the jobs, for example "nightly-summaries"',
  });
}

/** Of a request that makes something: it says whose that is. */
export function saysOwner({ jobOwner }: AbilityContext): GrantConditions {
  return { StringEquals: { [REQUESTED]: jobOwner } };
}

/** Of something that was made: it carries its owner's name. */
export function carriesOwner({ jobOwner }: AbilityContext): GrantConditions {
  return { StringEquals: { [CARRIED]: jobOwner } };
}

/** Making something with a tag asks for this too. What carries another owner's name keeps it: nobody takes over a job. */
export function tagGrant(resources: readonly string[], { jobOwner }: AbilityContext): PolicyGrant {
  return { ...tagJobs, resources, conditions: { StringEquals: { [REQUESTED]: jobOwner }, StringEqualsIfExists: { [CARRIED]: jobOwner } } };
}
