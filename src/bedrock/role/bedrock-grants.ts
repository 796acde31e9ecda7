import { Tags } from 'aws-cdk-lib';
import { IRole, ManagedPolicy, Policy } from 'aws-cdk-lib/aws-iam';
import { acknowledgeGrants, acknowledgeInlinePolicy } from './acknowledged-findings';
import { BedrockPermissions } from './bedrock-permissions';
import { ledgerOf, newGrants, nextPolicyId } from './grant-ledger';
import { requirePermissionGrants } from './permission-grants';
import { policyDocument } from './policy-document';
import { documentSize, requirePackedGrants } from './policy-packing';
import { BEDROCK_ROLE } from '../../contract/data';
import { libraryVersion } from '../../standards/library-version';
import { teachingErrors } from '../../standards/teaching-error';

/** Gives roles that exist already the statements that a `BedrockTaskRole` is made of. */
export class BedrockGrants {
  /** Lets a role invoke exactly these models, and list models for its health check. */
  public static grantInvoke(role: IRole, allowedModels: string[]): void {
    BedrockGrants.grantPermissions(role, { allowedModels });
  }

  /**
   * Gives a role these permissions, in policies of its own. What the role was granted before is not granted again.
   *
   * Errors: those of `BedrockTaskRole`.
   */
  public static grantPermissions(role: IRole, permissions: BedrockPermissions): void {
    const fault = teachingErrors(role, 'The Bedrock grant');
    const ledger = ledgerOf(role);
    const grants = newGrants(role, requirePermissionGrants(role, permissions, fault).grants, ledger.granted);
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
