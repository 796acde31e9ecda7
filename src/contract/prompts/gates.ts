import { Approval, Gates, PublishedVersion, SuiteResult } from './statements';
import { PROMPT_REGISTRY } from '../data';

export type Track = keyof typeof PROMPT_REGISTRY.tracks;

/** What keeps a version from being published on its track, as sentences. */
export function findGateFaults({ golden, safety, tokens }: Pick<Gates, 'golden' | 'safety' | 'tokens'>, track: Track): string[] {
  const rules = PROMPT_REGISTRY.tracks[track];
  const faults = findSuiteFaults('safety', safety, rules.safetySuitePassPercent);
  if (track === 'expedited') return faults;
  const { goldenSetPassPercent, maxTokenDeltaPercent } = PROMPT_REGISTRY.tracks.standard;
  faults.push(...findSuiteFaults('golden', golden, goldenSetPassPercent));
  const { delta_percent: delta, base_version: base } = tokens ?? {};
  if (delta !== undefined && Math.abs(delta) >= maxTokenDeltaPercent) {
    faults.push(`It has ${signed(delta)} % tokens beside version ${base}; allowed is a change below ${maxTokenDeltaPercent} %. `
      + 'Shorten it, or take --track expedited with its two reviewers.');
  }
  return faults;
}

function findSuiteFaults(suite: 'golden' | 'safety', result: SuiteResult | undefined, percent: number): string[] {
  const name = suite === 'golden' ? 'golden set' : 'safety suite';
  if (!result) return [`The ${name} has no result. Name its file, or the command that runs it, by --${suite}.`];
  const { passed, failed } = result;
  if (passed + failed === 0) return [`The ${name} has no case: nothing was tested.`];
  if (passed * 100 >= percent * (passed + failed)) return [];
  return [`The ${name} passed ${passed} of ${passed + failed} cases; ${percent} % have to pass.`];
}

type ApprovedPart = Pick<PublishedVersion, 'author' | 'track' | 'template_hash' | 'compiled_hash' | 'tokens'>;

/** What keeps a version from service for want of a reviewer. The author is none, and two roles are two people. */
export function findMissingReviewers(
  { author, track, template_hash, compiled_hash, tokens }: ApprovedPart,
  approvals: readonly Approval[],
  policyChange: boolean,
): string[] {
  const needed = [...new Set<string>([
    ...PROMPT_REGISTRY.tracks[track].reviewers,
    ...tokens === null ? [PROMPT_REGISTRY.uncountedTokensNeed] : [],
    ...policyChange ? [PROMPT_REGISTRY.contentPolicyChangeNeeds] : [],
  ])];
  const counting = approvals.filter(approval => approval.template_hash === template_hash && approval.compiled_hash === compiled_hash
    && !isSamePerson(approval.reviewer, author));
  const missing = needed.filter(role => !counting.some(approval => approval.role === role));
  if (missing.length > 0) {
    return missing.map(role => `No ${role} approved it${approvals.some(one => one.role === role && isSamePerson(one.reviewer, author))
      ? ' but its author, who does not count' : ''}`
      + `${reasonFor(role, tokens === null, policyChange)}. `
      + `Approve it: plumbline prompts approve … --role ${role}`);
  }
  return canBeDistinct(needed, counting, []) ? []
    : [`The roles ${needed.join(', ')} need one person each, and one person has two of them.`];
}

function reasonFor(role: string, isUncounted: boolean, policyChange: boolean): string {
  if (role === PROMPT_REGISTRY.contentPolicyChangeNeeds && policyChange) return ': a content policy changed';
  return role === PROMPT_REGISTRY.uncountedTokensNeed && isUncounted ? ': nobody counted its tokens' : '';
}

function canBeDistinct(roles: readonly string[], approvals: readonly Approval[], taken: readonly string[]): boolean {
  const [role, ...others] = roles;
  if (role === undefined) return true;
  return approvals.some(({ role: as, reviewer }) => as === role && !taken.some(person => isSamePerson(person, reviewer))
    && canBeDistinct(others, approvals, [...taken, reviewer]));
}

export function isSamePerson(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

/** What of a version a content policy is written in. */
export type PolicyTexts = Pick<PublishedVersion, 'messages' | 'guardrail'>;

/**
 * Whether a line with a phrase of a content policy came, went or changed, or the guardrail did.
 * Without a base nothing was approved yet.
 */
export function isPolicyChange(now: PolicyTexts, base: PolicyTexts | undefined, ownPhrases: readonly string[] = []): boolean {
  const phrases = phrasesOf(ownPhrases);
  const [lines, before] = [now, base].map(texts => (texts ? policyLines(texts, phrases) : []));
  const guardrails = [now, base ?? { guardrail: undefined }].map(({ guardrail }) => JSON.stringify(guardrail ?? null));
  return guardrails[0] !== guardrails[1] || lines.join('\n') !== before.join('\n');
}

/** The lines with a phrase of a content policy that went, each after a -, and that came, each after a +. */
export function changedPolicyLines(
  now: PolicyTexts | undefined, base: PolicyTexts | undefined, ownPhrases: readonly string[] = [],
): string[] {
  const phrases = phrasesOf(ownPhrases);
  const [lines, before] = [now, base].map(texts => (texts ? policyLines(texts, phrases) : []));
  const missing = (from: readonly string[], others: readonly string[]) => {
    const left = [...others];
    return from.filter(line => {
      const at = left.indexOf(line);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
  };
  return [...missing(before, lines).map(line => `- ${line}`), ...missing(lines, before).map(line => `+ ${line}`)];
}

function phrasesOf(ownPhrases: readonly string[]): string[] {
  return [...PROMPT_REGISTRY.policyPhrases, ...ownPhrases].map(phrase => phrase.toLowerCase().trim()).filter(phrase => phrase !== '');
}

/** Whole words only: "hate" is not in "whatever". */
function policyLines({ messages }: PolicyTexts, phrases: readonly string[]): string[] {
  const words = phrases.map(phrase => phrase.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(${words})(?![\\p{L}\\p{N}])`, 'iu');
  return messages.flatMap(({ role, text }) => text.split('\n').filter(line => pattern.test(line)).map(line => `${role}: ${line.trim()}`));
}

/** By how many percent the tokens changed: the greater change of the two, with its sign. */
export function tokenDelta(now: { sample: number; maximum: number }, base: { sample: number; maximum: number }): number {
  const changes = ([[now.sample, base.sample], [now.maximum, base.maximum]] as const)
    .map(([to, from]) => (from === 0 ? 0 : (to - from) / from * 100));
  const [first, second] = changes.map(change => Math.round(change * 100) / 100);
  return Math.abs(first) >= Math.abs(second) ? first : second;
}

function signed(percent: number): string {
  return percent > 0 ? `+${percent}` : String(percent);
}
