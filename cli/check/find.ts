import { TemplateSource } from './template-source';
import { lineOf } from './template-text';
import { findingsIn } from '../../src/governance/pack/findings';
import { AppModel } from '../../src/governance/pack/template/app-model';
import { templatesOfFiles } from '../../src/governance/pack/template/template';
import { shownPath } from '../system/shown-path';

const PACK = 'PlumblineChecks';

/** What a rule found in a template, and where. */
export interface CheckFinding {
  /** As in a report at synth: the rule, and what was found. */
  readonly id: string;
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly template: string;
  /** Its file, from where the command was run, with `/` on every machine. */
  readonly file: string;
  readonly line: number;
  readonly resource: string;
  /** The path of the construct, where the template's assembly tells it. */
  readonly path?: string;
}

/** What the rules find in these templates, without what is acknowledged in the app. */
export function findIn(sources: readonly TemplateSource[], cwd: string): CheckFinding[] {
  const templates = templatesOfFiles(sources);
  const sourceOf = new Map(sources.map(source => [source.name, source]));
  const found = findingsIn(templates.flatMap(({ resources }) => resources), new AppModel(templates));
  return found.flatMap(({ rule, what, info, isWarning, resource }) => {
    const source = sourceOf.get(resource.template.name)!;
    const id = `${PACK}-${rule.name}${what === undefined ? '' : `[${what}]`}`;
    const path = source.paths?.get(resource.id);
    if (path !== undefined && isAcknowledged(id, path, source)) return [];
    return [{
      id,
      rule: rule.name,
      severity: isWarning ? 'warning' : 'error',
      message: info ?? rule.info,
      template: source.name,
      file: shownPath(source.file, cwd),
      line: lineOf(source.text, resource.id),
      resource: resource.id,
      ...path !== undefined && { path },
    }];
  });
}

/** An acknowledgement holds for all that lies below the construct on which it is written. */
function isAcknowledged(id: string, path: string, { acknowledged = new Map() }: TemplateSource): boolean {
  return [...acknowledged].some(([scope, ids]) => `${path}/`.startsWith(`${scope}/`) && ids.some(given => bare(given) === id));
}

/** The CDK marks where an acknowledgement comes from, and takes the name of the plugin before the id. */
function bare(id: string): string {
  return id.replace(/^annotation::/i, '').replace(`${PACK}::`, '');
}
