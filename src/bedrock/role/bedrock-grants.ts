import { Tags } from 'aws-cdk-lib';
import { IGrantable, IGroup, IIdentity, IRole, IUser, LazyRole, ManagedPolicy, Policy } from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { acknowledgeGrants, acknowledgeInlinePolicy } from './acknowledged-findings';
import { BedrockPermissions } from './bedrock-permissions';
import { requireBoundPermissions } from './bound-permissions';
import { ledgerOf, newGrants, nextPolicyId } from './grant-ledger';
import { patternsOf } from './grant-patterns';
import { requireLatePermissions } from './late-permissions';
import { requirePermissionGrants } from './permission-grants';
import { policyDocument, statementJson } from './policy-document';
import { documentSize, requirePackedGrants } from './policy-packing';
import { BEDROCK_ROLE } from '../../contract/data';
import { teachingText } from '../../contract/teaching-error';
import { takesPolicies, tryForeignAccount, tryIdentity, warnOfMissingStatements } from '../../standards/identities/policy-offer';
import { requireNoHiddenWildcards } from '../../standards/late-values/hidden-wildcards';
import { libraryVersion } from '../../standards/library-version';
import { TeachingErrors, teachingErrors } from '../../standards/teaching-error';
import { warn } from '../../standards/warnings';
import { guardrailDenialsOf } from '../abilities/guardrail-denials';
import { ownerName } from '../abilities/job-owner';
import { PolicyGrant } from '../models/policy-grant';

/**
 * Gives roles that exist already the statements that a `BedrockTaskRole` is made of; users, groups and what has a role, such
 * as a function, too.
 *
 * What the CDK itself would not change stays as it is: a role imported with `mutable: false`, one from `withoutPolicyUpdates()`,
 * what belongs to another account. A warning then holds the statements to add by hand. Those for a role that is
 * created before (`Role.customizeRoles`) stand in the CDK's policy report.
 */
export class BedrockGrants {
  /** Lets a role invoke exactly these models, and list models for its health check. */
  public static grantInvoke(grantee: IGrantable, allowedModels: string[]): void {
    BedrockGrants.grantPermissions(grantee, { allowedModels });
  }

  /**
   * Gives a role these permissions, in policies of its own. What the role was granted before is not granted again.
   *
   * Its jobs carry the tag `plumbline:owner` with `jobOwner`, or else with the role's stack name and path, such as `Chat/Role`.
   *
   * A `BedrockTaskRole` with a guardrail binds these invocations to it too. On another role, `guardrail` also denies to invoke the
   * models of this grant without it.
   *
   * Errors: those of `BedrockTaskRole`; another guardrail than the role's own; a principal that holds no policies and is no construct
   * either, such as a service; at synth, a model that the role is granted both with and without a guardrail.
   */
  public static grantPermissions(grantee: IGrantable, permissions: BedrockPermissions): void {
    const identity = tryIdentity(grantee.grantPrincipal);
    const holder = identity ?? requireConstruct(grantee);
    const fault = teachingErrors(holder, 'The Bedrock grant');
    const grants = newGrantsTo(holder, permissions, { fault, account: identity && tryForeignAccount(identity, identity) });
    if (identity && takesPolicies(identity)) attachGrants(identity, grants, fault);
    else if (grants.length > 0) warnOfMissingStatements(holder, grants.map(statementJson));
  }

  private constructor() {}
}

/** What the permissions add to what a role has, under the guardrail that it promises. */
function newGrantsTo(
  holder: IConstruct, permissions: BedrockPermissions, { fault, account }: { readonly fault: TeachingErrors; readonly account?: string },
): PolicyGrant[] {
  const { guardrails, granted } = ledgerOf(holder);
  const bound = requireBoundPermissions(permissions, guardrails, holder, fault);
  const context = { ownerName: ownerName(holder), fault, account };
  const { grants: allowed, warnings } = requirePermissionGrants(holder, bound, context);
  for (const warning of warnings) warn(holder, warning);
  requireLatePermissions(holder, bound, context);
  const denied = guardrails.guardrail ? [] : guardrailDenialsOf(allowed, bound);
  return newGrants(holder, [...allowed, ...denied], granted);
}

function attachGrants(identity: IIdentity, grants: readonly PolicyGrant[], fault: TeachingErrors): void {
  Tags.of(identity).add(BEDROCK_ROLE.versionTag, libraryVersion());
  if (grants.length === 0) return;
  requireNoHiddenWildcards(identity, patternsOf(grants));
  const ledger = ledgerOf(identity);
  // Users and groups hold far shorter inline policies than roles.
  const inlineUsed = 'roleName' in identity ? ledger.inlineCharacters : Infinity;
  const { inline, managed } = requirePackedGrants(identity, grants, fault, inlineUsed);
  if (inline.length > 0) {
    const policy = new Policy(identity, nextPolicyId(ledger), { document: policyDocument(inline) });
    identity.attachInlinePolicy(policy);
    acknowledgeGrants(policy, inline);
    acknowledgeInlinePolicy(policy);
    ledger.inlineCharacters += documentSize(identity, inline);
  }
  for (const part of managed) {
    const policy = new ManagedPolicy(identity, nextPolicyId(ledger), { document: policyDocument(part) });
    attachManagedPolicy(identity, policy);
    acknowledgeGrants(policy, part);
  }
}

/** The policy names its holder, and not the other way round: so it may refer to what refers to the holder. A lazy role has no name yet. */
function attachManagedPolicy(identity: IIdentity, policy: ManagedPolicy): void {
  if (identity instanceof LazyRole) identity.addManagedPolicy(policy);
  else if ('userName' in identity) policy.attachToUser(identity as IUser);
  else if ('groupName' in identity) policy.attachToGroup(identity as IGroup);
  else policy.attachToRole(identity as IRole);
}

function requireConstruct(grantee: IGrantable): IConstruct {
  if (Construct.isConstruct(grantee)) return grantee;
  throw new Error(teachingText('BedrockGrants', {
    problem: 'The grantee is a principal that holds no policies, and no construct that could be warned of',
    given: String(grantee),
    allowed: 'roles, users, groups, and constructs that have a role',
    fix: 'grant the role that makes the calls',
  }));
}
