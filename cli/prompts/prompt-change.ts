import { hashesOf, Prompt } from './prompt';
import { PromptText } from './prompt-file';
import { canonicalJson, JsonValue } from '../../src/contract/prompts/canonical-json';
import { changedPolicyLines, isPolicyChange } from '../../src/contract/prompts/gates';
import { DiffSide, unifiedDiff } from '../system/unified-diff';

/** What became of one prompt. */
export interface PromptChange {
  readonly id: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly version: { readonly old?: string; readonly new?: string };
  readonly templateHash: { readonly old?: string; readonly new?: string };
  readonly compiledHash: { readonly old?: string; readonly new?: string };
  /** The names of what differs: model, messages, parameters, … */
  readonly changed: readonly string[];
  /** Of what differs beside the messages: each value before and after, parameters and variables one by one. */
  readonly values: readonly { readonly name: string; readonly old?: JsonValue; readonly new?: JsonValue }[];
  /** The messages as a unified diff; empty when they are the same. */
  readonly messagesDiff: string;
  /** Whether lines of a content policy, or the guardrail, differ; and the lines that went and came. */
  readonly isPolicyChange: boolean;
  readonly policyLines: readonly string[];
  /** What must not pass, as a sentence. */
  readonly finding?: string;
  /** The two files as a unified diff. */
  readonly diff: string;
}

/** How two states of one prompt differ; empty when nothing of it that counts does. */
export function changeBetween(
  old: PromptText | undefined, now: PromptText | undefined, ownPhrases: readonly string[] = [],
): PromptChange[] {
  const some = now ?? old;
  if (!some) return [];
  const [before, after] = [old, now].map(side => side && hashesOf(side.prompt));
  const changed = old && now ? findChanged(old.prompt, now.prompt) : [];
  if (old && now && changed.length === 0 && before!.version === after!.version) return [];
  return [{
    id: some.prompt.id,
    kind: old && now ? 'changed' : now ? 'added' : 'removed',
    version: { old: before?.version, new: after?.version },
    templateHash: { old: before?.templateHash, new: after?.templateHash },
    compiledHash: { old: before?.compiledHash, new: after?.compiledHash },
    changed,
    values: valueChanges(old?.prompt, now?.prompt),
    messagesDiff: messagesDiff(old?.prompt, now?.prompt),
    isPolicyChange: now !== undefined && isPolicyChange(now.prompt.content, old?.prompt.content, ownPhrases),
    policyLines: changedPolicyLines(now?.prompt.content, old?.prompt.content, ownPhrases),
    finding: old && now && findingOf(old.prompt, now.prompt, changed),
    diff: unifiedDiff(sideOf(old), sideOf(now)),
  }];
}

/** One by one, since a list of ten parameters hides the one that changed. */
const SPREAD: readonly string[] = ['parameters', 'variables'];

function valueChanges(old: Prompt | undefined, now: Prompt | undefined): PromptChange['values'] {
  const [before, after] = [old, now].map(prompt => new Map(prompt ? Object.entries(fieldsOf(prompt)).flatMap(spread) : []));
  return [...new Set([...before.keys(), ...after.keys()])].filter(name => textOf(before.get(name)) !== textOf(after.get(name)))
    .map(name => ({ name, old: before.get(name), new: after.get(name) }));
}

function spread([name, value]: [string, JsonValue | undefined]): [string, JsonValue][] {
  if (name === 'messages' || value === undefined || value === null) return [];
  return SPREAD.includes(name) ? Object.entries(value).map(([key, one]) => [`${name}.${key}`, one as JsonValue]) : [[name, value]];
}

function textOf(value: JsonValue | undefined): string | undefined {
  return value === undefined ? undefined : canonicalJson(value);
}

function messagesDiff(old: Prompt | undefined, now: Prompt | undefined): string {
  const [before, after] = [old, now].map(prompt => prompt?.content.messages.map(({ role, text }) => `[${role}]\n${text}`).join('\n'));
  return before === after ? '' : unifiedDiff({ name: 'messages', text: before }, { name: 'messages', text: after });
}

function sideOf(side: PromptText | undefined): DiffSide {
  return { name: side?.prompt.file ?? '', text: side?.text };
}

function findChanged(old: Prompt, now: Prompt): string[] {
  const [before, after] = [old, now].map(fieldsOf);
  return Object.keys({ ...before, ...after }).filter(name => canonicalJson(before[name] ?? null) !== canonicalJson(after[name] ?? null));
}

function fieldsOf({ content, variables }: Prompt): Readonly<Record<string, JsonValue | undefined>> {
  return { ...content, variables } as unknown as Readonly<Record<string, JsonValue | undefined>>;
}

/** A version that says two things is drift, and so is one that goes back. */
function findingOf(old: Prompt, now: Prompt, changed: readonly string[]): string | undefined {
  if (old.version === now.version) {
    return `${changed.join(', ')} changed, and the version is still ${now.version}. Give it a new one: a version says one thing for ever.`;
  }
  if (isBefore(now.version, old.version)) return `the version goes back from ${old.version} to ${now.version}. Take a higher one.`;
  return undefined;
}

function isBefore(one: string, other: string): boolean {
  const [left, right] = [one, other].map(version => version.split('.').map(Number));
  const at = left.findIndex((part, index) => part !== right[index]);
  return at >= 0 && left[at] < right[at];
}
