import { CheckFinding } from './find';
import { CheckResult } from './result';

/** The report that a person reads. */
export function textReport({ findings, known, mended, templates, resources, baselineFile }: CheckResult): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const lines = templates.flatMap(template => {
    const own = findings.filter(finding => finding.template === template);
    return own.length === 0 ? [] : [titleOf(own[0]), ...own.flatMap(linesOf), ''];
  });
  return [
    ...lines,
    ...mended.map(({ id, resource, template }) => `mended   ${id} at ${resource} in ${template}: no more found`),
    ...mended.length > 0 ? [`${baselineFile} holds ${mended.length} that can go: --prune-baseline takes them out`, ''] : [],
    `${count(errors, 'error')}, ${count(findings.length - errors, 'warning')}${knownText(known.length, baselineFile)}` +
      ` in ${count(templates.length, 'template')} with ${count(resources, 'resource')}`,
  ].join('\n');
}

function titleOf({ template, file }: CheckFinding): string {
  return template === file ? file : `${template} (${file})`;
}

function linesOf({ severity, id, resource, path, line, message }: CheckFinding): string[] {
  return [`  ${severity.padEnd(8)} ${id}`, `           at ${path ?? resource}, line ${line}`, `           ${message}`];
}

function knownText(known: number, baselineFile: string): string {
  return known > 0 ? ` and ${count(known, 'finding')} that ${baselineFile} knows` : '';
}

function count(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`;
}
