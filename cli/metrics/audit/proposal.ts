import { UsedMetric } from './inventory';
import { Rename } from '../migrate/metric-map';
import { isForeign, KnownMetrics } from '../names/known-metrics';
import { tryMostLike } from '../names/similarity';
import { MetricName } from '../references/visit';

/** What is said of a metric in use. */
export type Verdict = 'catalogue' | 'aws' | 'proposed' | 'unknown';

export interface AuditedMetric extends UsedMetric {
  readonly verdict: Verdict;
  /** The metric of the catalogue that it most likely means. */
  readonly to?: { readonly namespace: string; readonly name: string };
  /** 0 to 1. */
  readonly similarity?: number;
  readonly why?: string;
}

/** Says of each metric whose it is, and proposes a name of the catalogue for those that look like one. */
export function audited(used: readonly UsedMetric[], known: KnownMetrics, product: string): AuditedMetric[] {
  const judged = used.map((metric): AuditedMetric => {
    if (isForeign(metric.namespace)) return { ...metric, verdict: 'aws' };
    if (known.has(metric.namespace, metric.name)) return { ...metric, verdict: 'catalogue' };
    const like = tryMostLike(metric.namespace, metric.name, known.all);
    if (!like) return { ...metric, verdict: 'unknown' };
    const to = { namespace: `${product}/${like.metric.area}`, name: like.metric.name };
    return { ...metric, verdict: 'proposed', to, similarity: like.score, why: like.why };
  });
  return judged.map(metric => withoutRival(metric, judged));
}

/** Two names cannot become one: the nearer one keeps the proposal, and of two as near none does. */
function withoutRival(metric: AuditedMetric, all: readonly AuditedMetric[]): AuditedMetric {
  if (!metric.to) return metric;
  const rivals = all.filter(({ to, namespace, name }) => isSame(to, metric.to) && !isSame({ namespace, name }, metric));
  const [rival] = rivals.filter(({ similarity = 0 }) => similarity >= metric.similarity!);
  if (!rival) return metric;
  const { to, namespace, name, places } = metric;
  const why = `it may be ${to!.namespace} ${to!.name}, and so may ${rival.namespace} ${rival.name}`;
  return { namespace, name, places, verdict: 'unknown', why };
}

function isSame(one: MetricName | undefined, other: MetricName | undefined): boolean {
  return one?.namespace === other?.namespace && one?.name === other?.name;
}

/** The proposals as a map for migrate-dashboard, each with its reason. */
export function proposedMap(metrics: readonly AuditedMetric[]): (Rename & { readonly similarity: number; readonly why: string })[] {
  return metrics.flatMap(({ namespace, name, to, similarity, why }) =>
    (to ? [{ from: { namespace, name }, to, similarity: similarity!, why: why! }] : []));
}
