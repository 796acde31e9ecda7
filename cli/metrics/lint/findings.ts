import { teamMetricId } from '../../../src/contract/team-metric';
import { CodeRead, PlacedUse, Unread } from '../code/read-code';
import { isForeign, KnownMetrics } from '../names/known-metrics';
import { tryMostLike } from '../names/similarity';

/** A name of a metric that is not right. */
export interface LintFinding {
  readonly rule: 'UnknownMetric' | 'UnknownMetricId';
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Where it stands: `addMetric`. */
  readonly how: string;
  /** As written: namespace and name, or the id. */
  readonly metric: string;
  readonly message: string;
}

export interface LintResult {
  readonly findings: readonly LintFinding[];
  /** What is no literal: no finding, and no promise either. */
  readonly unread: readonly Unread[];
  readonly files: number;
  readonly uses: number;
}

/** What code names that neither the catalogue nor a team knows. */
export function lintResult(code: CodeRead, given: KnownMetrics): LintResult {
  const declared = code.uses.flatMap(({ isDeclaration, namespace, name }) =>
    (isDeclaration && namespace !== undefined && name !== undefined ? [{ area: namespace, name, id: teamMetricId(namespace, name) }] : []));
  const known = given.with(declared);
  const uses = code.uses.filter(({ isDeclaration }) => !isDeclaration);
  const findings: LintFinding[] = [];
  const unread: Unread[] = [...code.unread];
  for (const use of uses) {
    const verdict = verdictOn(use, known);
    const { file, line, column, how } = use;
    if (verdict === undefined) continue;
    if ('why' in verdict) unread.push({ file, line, column, why: verdict.why });
    else findings.push({ file, line, column, how, ...verdict });
  }
  return { findings, unread, files: code.files, uses: uses.length };
}

type Verdict = Pick<LintFinding, 'rule' | 'metric' | 'message'> | { readonly why: string } | undefined;

function verdictOn(use: PlacedUse, known: KnownMetrics): Verdict {
  const { how, namespace, name, id } = use;
  if (/^emit_?metric$/i.test(how)) return id === undefined ? { why: `the metric of ${how} is no literal` } : verdictOnId(id, known);
  if (namespace !== undefined && isForeign(namespace)) return undefined;
  if (name === undefined) return { why: `the name in ${how} is no literal` };
  // Whatever the product is called, a name that no area has is not right: but whose it is, only the namespace tells.
  if (namespace === undefined) return { why: `the namespace of ${name} in ${how} is no literal` };
  if (known.has(namespace, name)) return undefined;
  const like = tryMostLike(namespace, name, known.all);
  const proposal = like ? ` It may be {product}/${like.metric.area} ${like.metric.name}: ${like.why}.` : '';
  return { rule: 'UnknownMetric', metric: `${namespace} ${name}`, message: `${namespace} ${name} is not in the catalogue.${proposal}` };
}

function verdictOnId(id: string, known: KnownMetrics): Verdict {
  if (known.hasId(id)) return undefined;
  const like = tryMostLike('', id, known.all.filter(metric => metric.id !== undefined));
  const proposal = like ? ` It may be ${like.metric.id}: ${like.why}.` : '';
  return { rule: 'UnknownMetricId', metric: id, message: `${id} is no id of the catalogue: the runtime drops the datum.${proposal}` };
}
