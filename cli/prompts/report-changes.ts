import { PromptChange } from './prompt-change';

/** For a terminal. */
export function textReport(changes: readonly PromptChange[]): string {
  if (changes.length === 0) return 'No prompt changed.';
  return changes.map(change => [
    `${change.id} ${change.kind}: ${versions(change)}${change.changed.length > 0 ? `, ${change.changed.join(', ')}` : ''}`,
    ...change.finding === undefined ? [] : [`  error: ${change.finding}`],
    change.diff,
  ].join('\n')).join('\n');
}

/** For a pull request. */
export function markdownReport(changes: readonly PromptChange[]): string {
  if (changes.length === 0) return 'No prompt changed.';
  const rows = changes.map(change => `| \`${change.id}\` | ${change.kind} | ${versions(change)} | ${change.changed.join(', ')} `
    + `| ${shortHashes(change)} | ${change.finding ? `**${change.finding}**` : 'fine'} |`);
  const details = changes.map(({ id, diff }) => `<details><summary>${id}</summary>\n\n${fenced(diff)}\n\n</details>`);
  const head = ['| prompt | | version | what changed | template hash | verdict |', '|---|---|---|---|---|---|'];
  return [...head, ...rows, '', ...details].join('\n');
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
