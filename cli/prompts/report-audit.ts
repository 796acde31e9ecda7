import type { Inspected } from './registry/finding';
import { findingLines, noteLines, plain, sumText } from './report-inspected';
import { PROMPT_REGISTRY } from '../../src/contract/data';

const HEAD = ['environment', 'prompt', 'active', 'candidate', 'template hash', 'since', 'by', 'verdict'];

/** For a terminal: one line for each prompt in each environment, and below what is wrong. */
export function auditText(inspected: readonly Inspected[]): string {
  const rows = [HEAD, ...inspected.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map(cells => cells[column].length)));
  const table = rows.map(cells => cells.map((text, column) => text.padEnd(widths[column])).join('  ').trimEnd());
  const notes = inspected.map(one => ({ one, lines: [...one.findings.flatMap(findingLines), ...noteLines(one)] }))
    .filter(({ lines }) => lines.length > 0);
  const below = notes.flatMap(({ one, lines }) => [`${one.environment}: ${one.id}`, ...lines, '']);
  return [...table, '', ...below, sumText(inspected)].join('\n');
}

/** For a pull request, a ticket or a page. */
export function auditMarkdown(inspected: readonly Inspected[]): string {
  const row = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  const diverged = inspected.flatMap(one => one.findings.map(finding => row([one.environment, one.id, finding.code, finding.message,
    finding.activeHash ?? '', finding.registryHash ?? ''])));
  const notes = inspected.flatMap(one => noteLines(one).map(line => `- ${cell(`${one.environment}, ${one.id}: ${line.trim()}`)}`));
  return [
    row(HEAD),
    `|${HEAD.map(() => '---|').join('')}`,
    ...inspected.map(one => row(cellsOf(one))),
    ...diverged.length > 0 ? ['', `Diverged (${PROMPT_REGISTRY.driftAudit.alertPriority}):`, '',
      row(['environment', 'prompt', 'finding', 'what', 'hash that is served', 'hash that the registry knows']), '|---|---|---|---|---|---|',
      ...diverged] : [],
    ...notes.length > 0 ? ['', ...notes] : [],
    '',
    `${sumText(inspected)}.`,
  ].join('\n');
}

function cellsOf({ environment, id, deployment, findings }: Inspected): string[] {
  const verdict = findings.length > 0 ? 'diverged' : deployment ? 'fine' : 'not deployed';
  if (!deployment) return [environment, id, '', '', '', '', '', verdict];
  const { active, candidate, time, by } = deployment;
  const beside = candidate ? `${candidate.version}, ${candidate.percent} %` : '';
  return [environment, id, active.version, beside, active.template_hash.slice(0, 12), time, plain(by), verdict];
}

/** A cell shows its text as it is, whoever wrote it. */
function cell(text: string): string {
  return plain(text).replace(/[\\|`*_<>[\]]/g, sign => (sign === '<' ? '&lt;' : sign === '>' ? '&gt;' : `\\${sign}`));
}

