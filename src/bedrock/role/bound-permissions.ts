import { IConstruct } from 'constructs';
import { BedrockPermissions } from './bedrock-permissions';
import { comparable } from '../../standards/late-values/early-values';
import { TeachingErrors } from '../../standards/teaching-error';
import { BedrockGuardrail, guardrailIdentifier, Guardrails } from '../abilities/guardrail';

/** Permissions under the guardrails that the role itself promises; another guardrail would be denied in every call. */
export function requireBoundPermissions(
  permissions: BedrockPermissions, promised: Guardrails, role: IConstruct, fault: TeachingErrors,
): BedrockPermissions {
  if (!promised.guardrail) return permissions;
  const { guardrail = promised.guardrail, allowCrossRegion } = permissions;
  const { guardrailInFallbackRegion = allowCrossRegion ? promised.guardrailInFallbackRegion : undefined } = permissions;
  requireSame('guardrail', guardrail, promised, role, fault);
  requireSame('guardrailInFallbackRegion', guardrailInFallbackRegion, promised, role, fault);
  return { ...permissions, guardrail, guardrailInFallbackRegion };
}

function requireSame(
  prop: keyof Guardrails, given: BedrockGuardrail | undefined, promised: Guardrails, role: IConstruct, fault: TeachingErrors,
): void {
  const own = promised[prop];
  if (!given || (own && comparable(role, guardrailIdentifier(given)) === comparable(role, guardrailIdentifier(own)))) return;
  throw fault({
    problem: `the role denies every invocation that does not name its own guardrail, and ${prop} is another`,
    given: guardrailIdentifier(given),
    allowed: own ? guardrailIdentifier(own) : 'none: the role invokes nothing in the fallback Region',
    fix: `remove ${prop}, so that the grant stands under the role's own, or give the work a role of its own`,
  });
}
