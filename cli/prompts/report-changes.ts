import { PromptChange } from './prompt-change';
import { needsMarkdown } from './report-needs';

/** For a terminal. */
export function textReport(changes: readonly PromptChange[]): string {
  if (changes.length === 0) return 'No prompt changed.';
  return changes.map(change => [
    `${change.id} ${change.kind}: ${versions(change)}${change.changed.length > 0 ? `, ${change.changed.join(', ')}` : ''}`,
    ...change.finding === undefined ? [] : [`  error: ${change.finding}`],
    change.diff,
  ].join('\n')).join('\n');
}

/** GitHub takes comments of 65,536 characters, GitLab and Bitbucket no fewer: what is said around it has to fit too. */
const MAX_CHARACTERS = 60_000;

/** For a pull request. A summary that is too long for a comment leaves the diffs out, and says so. */
export function markdownReport(changes: readonly PromptChange[]): string {
  if (changes.length === 0) return 'No prompt changed.';
  const rows = changes.map(change => `| \`${change.id}\` | ${change.kind} | ${versions(change)} | ${change.changed.join(', ')} `
    + `| ${shortHashes(change)} | ${change.finding ? `**${change.finding}**` : 'fine'} |`);
  const head = ['| prompt | | version | what changed | template hash | verdict |', '|---|---|---|---|---|---|', ...rows];
  const whole = [...head, ...changes.flatMap(change => ['', ...details(change, true)])].join('\n');
  if (whole.length <= MAX_CHARACTERS) return whole;
  const short = [...head, ...changes.flatMap(change => ['', ...details(change, false)])].join('\n');
  const note = '\n\nThe rest is too long for a comment: see the changed files.';
  return (short.length <= MAX_CHARACTERS ? short : head.join('\n').slice(0, MAX_CHARACTERS)) + note;
}

function details(change: PromptChange, hasDiffs: boolean): string[] {
  const { id, values, messagesDiff, isPolicyChange, policyLines, templateHash, compiledHash } = change;
  const hashes = [['template', templateHash], ['compiled', compiledHash]] as const;
  return [
    `### ${id} ${versions(change)}`,
    '',
    ...hashes.map(([name, { old, new: now }]) => `- ${name} hash: `
      + `${old === now ? `\`${now}\`, as before` : [old, now].map(code).join(' → ')}`),
    ...needsMarkdown(change),
    ...isPolicyChange ? ['- a content policy changes, beside this base; `publish` compares with what serves'] : [],
    ...hasDiffs && policyLines.length > 0 ? ['', 'Lines with phrases of a content policy:', '', fenced(policyLines.join('\n'))] : [],
    ...hasDiffs && values.length > 0 ? ['', '| what | before | after |', '|---|---|---|', ...values.map(valueRow)] : [],
    ...hasDiffs && messagesDiff !== '' ? ['', '<details><summary>messages</summary>', '', fenced(messagesDiff), '', '</details>'] : [],
  ];
}

function valueRow(value: PromptChange['values'][number]): string {
  const shown = [value.old, value.new].map(one => code(one === undefined ? undefined : JSON.stringify(one)));
  return `| ${[code(value.name), ...shown].join(' | ')} |`;
}

/** Code in a cell: ticks around it that are longer than those in it, and no bar that ends the cell. */
function code(text: string | undefined): string {
  if (text === undefined) return 'none';
  const ticks = '`'.repeat(1 + Math.max(0, ...[...text.matchAll(/`+/g)].map(([found]) => found.length)));
  const padding = /^`|`$/.test(text) ? ' ' : '';
  return `${ticks}${padding}${text.replace(/\|/g, '\\|')}${padding}${ticks}`;
}

function versions({ version }: PromptChange): string {
  return version.old === version.new ? version.new! : [version.old ?? 'none', version.new ?? 'none'].join(' → ');
}

function shortHashes({ templateHash }: PromptChange): string {
  return [templateHash.old, templateHash.new].map(hash => hash ? `\`${hash.slice(0, 12)}\`` : 'none').join(' → ');
}

/** A fence that is longer than any in the prompt's own text. */
function fenced(diff: string): string {
  const longest = Math.max(2, ...[...diff.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}diff\n${diff.trimEnd()}\n${fence}`;
}
