import type { PromptChange } from './prompt-change';
import { PROMPT_REGISTRY } from '../../src/contract/data';

/** What a change needs before it serves, track by track, as lines of Markdown. What goes away needs nothing. */
export function needsMarkdown({ kind, isPolicyChange }: PromptChange): string[] {
  if (kind === 'removed') return [];
  const { tracks: { standard, expedited }, contentPolicyChangeNeeds: officer } = PROMPT_REGISTRY;
  const reviewersOf = (reviewers: readonly string[]) =>
    [...new Set([...reviewers, ...isPolicyChange ? [officer] : []])].map(role => `\`${role}\``).join(', ');
  return [
    `- on the track \`standard\`: ${standard.goldenSetPassPercent} % of the golden set, ${standard.safetySuitePassPercent} % of the `
      + `safety suite, a change of tokens below ${standard.maxTokenDeltaPercent} %; reviewed by ${reviewersOf(standard.reviewers)}`,
    `- on the track \`expedited\`: ${expedited.safetySuitePassPercent} % of the safety suite; `
      + `reviewed by ${reviewersOf(expedited.reviewers)}`,
  ];
}
