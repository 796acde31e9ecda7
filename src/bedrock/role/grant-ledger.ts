import { IConstruct } from 'constructs';
import { findDeadInvocations } from './dead-invocations';
import { Granted } from './granted';
import { statementJson } from './policy-document';
import { comparable } from '../../standards/late-values/early-values';
import { sharedMark, tryMark } from '../../standards/marks';
import { Guardrails } from '../abilities/guardrail';
import { PolicyGrant } from '../models/policy-grant';

const LEDGER = 'BedrockGrants';

/** What a role was granted so far. */
export interface GrantLedger {
  readonly granted: Granted;
  /** What the role itself promises: every grant stands under these guardrails. */
  guardrails: Guardrails;
  inlineCharacters: number;
  policies: number;
}

/** Notes what a role has from its making. */
export function rememberGrants(role: IConstruct, grants: readonly PolicyGrant[], guardrails: Guardrails, inlineCharacters: number): void {
  const ledger = ledgerOf(role);
  newGrants(role, grants, ledger.granted);
  ledger.guardrails = guardrails;
  ledger.inlineCharacters += inlineCharacters;
}

export function ledgerOf(role: IConstruct): GrantLedger {
  return sharedMark(role, LEDGER, () => {
    const ledger: GrantLedger = { granted: new Map(), guardrails: {}, inlineCharacters: 0, policies: 0 };
    role.node.addValidation({ validate: () => findDeadInvocations(role, ledger.granted) });
    return ledger;
  });
}

/** Whether the library has let a role do anything with models. */
export function hasGrants(role: IConstruct): boolean {
  return (tryMark<GrantLedger>(role, LEDGER)?.granted.size ?? 0) > 0;
}

export function nextPolicyId(ledger: GrantLedger): string {
  ledger.policies += 1;
  return `BedrockGrant${ledger.policies}`;
}

/** The grants without what was granted before, or earlier in the list; notes the rest. */
export function newGrants(scope: IConstruct, grants: readonly PolicyGrant[], granted: Granted = new Map()): PolicyGrant[] {
  return grants.flatMap(grant => {
    const { Effect, Action, Condition } = statementJson(grant);
    const key = comparable(scope, { Effect, Action, Condition });
    const known = granted.get(key) ?? new Set<string>();
    granted.set(key, known);
    const resources = grant.resources.filter(resource => {
      const isNew = !known.has(comparable(scope, resource));
      known.add(comparable(scope, resource));
      return isNew;
    });
    return resources.length > 0 ? [{ ...grant, resources }] : [];
  });
}
