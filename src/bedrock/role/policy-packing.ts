import { IConstruct } from 'constructs';
import { statementJson, withUniqueSids } from './policy-document';
import { IAM_LIMITS } from '../../contract/data';
import { knownEarly } from '../../standards/late-values/early-values';
import { TeachingErrors } from '../../standards/teaching-error';
import { PolicyGrant } from '../models/policy-grant';

/** Grants, laid out so that IAM takes them. */
export interface PackedGrants {
  /** The inline policy; empty when the grants need managed ones. */
  readonly inline: PolicyGrant[];
  /** The managed policies. */
  readonly managed: PolicyGrant[][];
}

const DOCUMENT_CHARACTERS = JSON.stringify({ Version: '2012-10-17', Statement: [] }).length;
const { inlinePolicyCharactersPerRole, inlinePolicyCharactersReserved, managedPolicyCharacters, managedPoliciesPerRole } = IAM_LIMITS;
const INLINE_CHARACTERS = inlinePolicyCharactersPerRole - inlinePolicyCharactersReserved;

/** Room for what is known only at deployment: the longest that AWS has, and an ARN of usual length for the rest. */
const TOKEN_CHARACTERS: Record<string, number> = { 'AWS::Region': 16, 'AWS::Partition': 12, 'AWS::AccountId': 12 };
const OTHER_TOKEN_CHARACTERS = 170;

/** One inline policy as long as it fits beside what a role's functions add; managed policies otherwise. */
export function requirePackedGrants(
  scope: IConstruct, grants: readonly PolicyGrant[], fault: TeachingErrors, inlineUsed = 0,
): PackedGrants {
  const named = withUniqueSids(grants);
  if (inlineUsed + documentSize(scope, named) <= INLINE_CHARACTERS) return { inline: named, managed: [] };
  const room = managedPolicyCharacters - DOCUMENT_CHARACTERS;
  const pieces = withUniqueSids(grants.flatMap(grant => split(scope, grant, room)));
  const managed = firstFit(pieces, piece => size(scope, piece), room);
  if (managed.length > managedPoliciesPerRole) {
    throw fault({
      problem: 'the statements are more than IAM takes for one role',
      given: `${grants.flatMap(({ resources }) => resources).length} resources in ${managed.length} managed policies`,
      allowed: `at most ${managedPoliciesPerRole} managed policies of ${managedPolicyCharacters} characters`,
      fix: 'give the work to several roles, each with the models it uses',
    });
  }
  return { inline: [], managed };
}

/** The characters of a policy document as IAM counts them: without white space. */
export function documentSize(scope: IConstruct, grants: readonly PolicyGrant[]): number {
  return DOCUMENT_CHARACTERS + grants.reduce((sum, grant) => sum + size(scope, grant), 0);
}

/** A statement and the comma after it, with room for the number of its sid. */
function size(scope: IConstruct, grant: PolicyGrant): number {
  return characters(knownEarly(scope, statementJson(grant))) + 4;
}

function split(scope: IConstruct, grant: PolicyGrant, room: number): PolicyGrant[] {
  const { resources } = grant;
  if (size(scope, grant) <= room || resources.length === 1) return [grant];
  const half = Math.ceil(resources.length / 2);
  return [resources.slice(0, half), resources.slice(half)].flatMap(part => split(scope, { ...grant, resources: part }, room));
}

function firstFit<T>(items: readonly T[], sizeOf: (item: T) => number, room: number): T[][] {
  const bins: { items: T[]; used: number }[] = [];
  for (const item of items) {
    const needed = sizeOf(item);
    const bin = bins.find(({ used }) => used + needed <= room);
    if (bin) {
      bin.items.push(item);
      bin.used += needed;
    } else {
      bins.push({ items: [item], used: needed });
    }
  }
  return bins.map(bin => bin.items);
}

/** The length of resolved JSON, references counted at the length of what they become. */
function characters(value: unknown): number {
  if (isReference(value)) return 2 + referenceCharacters(value);
  if (Array.isArray(value)) return 1 + Math.max(1, value.reduce((sum: number, item) => sum + characters(item) + 1, 0));
  if (typeof value === 'object' && value !== null) {
    return 1 + Object.entries(value).reduce((sum, [key, inner]) => sum + JSON.stringify(key).length + 1 + characters(inner) + 1, 0);
  }
  return JSON.stringify(value).length;
}

function isReference(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return keys.length === 1 && /^(Ref|Fn::\w+)$/.test(keys[0]);
}

function referenceCharacters(reference: Record<string, unknown>): number {
  const join = reference['Fn::Join'] as [string, unknown[]] | undefined;
  if (join) return join[1].reduce<number>((sum, part) => sum + textCharacters(part) + join[0].length, 0);
  return TOKEN_CHARACTERS[String(reference.Ref)] ?? OTHER_TOKEN_CHARACTERS;
}

/** A part of a longer text, which stands without quotation marks of its own. */
function textCharacters(part: unknown): number {
  return typeof part === 'string' ? part.length : characters(part) - 2;
}
