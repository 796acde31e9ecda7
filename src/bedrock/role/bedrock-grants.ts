import { Tags } from 'aws-cdk-lib';
import { IRole, ManagedPolicy, Policy } from 'aws-cdk-lib/aws-iam';
import { acknowledgeGrants, acknowledgeInlinePolicy } from './acknowledged-findings';
import { BedrockPermissions } from './bedrock-permissions';
import { requireBoundPermissions } from './bound-permissions';
import { ledgerOf, newGrants, nextPolicyId } from './grant-ledger';
import { requirePermissionGrants } from './permission-grants';
import { policyDocument } from './policy-document';
import { documentSize, requirePackedGrants } from './policy-packing';
import { BEDROCK_ROLE } from '../../contract/data';
import { libraryVersion } from '../../standards/library-version';
import { teachingErrors } from '../../standards/teaching-error';
import { guardrailDenialsOf } from '../abilities/guardrail-denials';
import { ownerName } from '../abilities/job-owner';

/** Gives roles that exist already the statements that a `BedrockTaskRole` is made of. */
export class BedrockGrants {
  /** Lets a role invoke exactly these models, and list models for its health check. */
  public static grantInvoke(role: IRole, allowedModels: string[]): void {
    BedrockGrants.grantPermissions(role, { allowedModels });
  }

  /**
   * Gives a role these permissions, in policies of its own. What the role was granted before is not granted again.
   *
   * Its jobs carry the tag `plumbline:owner` with `jobOwner`, or else with the role's stack name and path, such as `Chat/Role`.
   *
   * A `BedrockTaskRole` with a guardrail binds these invocations to it too. On another role, `guardrail` also denies to invoke the
   * models of this grant without it.
   *
   * Errors: those of `BedrockTaskRole`; another guardrail than the role's own; at synth, a model that the role is granted both with
   * and without a guardrail.
   */
  public static grantPermissions(role: IRole, permissions: BedrockPermissions): void {
    const fault = teachingErrors(role, 'The Bedrock grant');
    const ledger = ledgerOf(role);
    const bound = requireBoundPermissions(permissions, ledger.guardrails, role, fault);
    const { grants: allowed } = requirePermissionGrants(role, bound, { ownerName: ownerName(role), fault });
    const denied = ledger.guardrails.guardrail ? [] : guardrailDenialsOf(allowed, bound);
    const grants = newGrants(role, [...allowed, ...denied], ledger.granted);
    Tags.of(role).add(BEDROCK_ROLE.versionTag, libraryVersion());
    if (grants.length === 0) return;
    const { inline, managed } = requirePackedGrants(role, grants, fault, ledger.inlineCharacters);
    if (inline.length > 0) {
      const policy = new Policy(role, nextPolicyId(ledger), { document: policyDocument(inline), roles: [role] });
      acknowledgeGrants(policy, inline);
      acknowledgeInlinePolicy(policy);
      ledger.inlineCharacters += documentSize(role, inline);
    }
    for (const part of managed) {
      acknowledgeGrants(new ManagedPolicy(role, nextPolicyId(ledger), { document: policyDocument(part), roles: [role] }), part);
    }
  }

  private constructor() {}
}
