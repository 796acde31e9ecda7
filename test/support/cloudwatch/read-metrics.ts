import { alarmsOf, AlarmTemplate } from './alarms';
import { ReadSeries } from './metric-data';
import { readRows } from '../../../cli/metrics/references/metric-rows';
import { Visit } from '../../../cli/metrics/references/visit';
import { parseJson } from '../../../cli/metrics/text/json-text';
import { fileLayer, itemsOf, member } from '../../../cli/metrics/text/node';

/** A metric that something in a template reads. */
export interface ReadMetric {
  /** The logical id of what reads it, and where in it. */
  readonly where: string;
  readonly namespace: string;
  readonly name: string;
  /** The value is undefined where a search takes whatever there is. */
  readonly dimensions: Readonly<Record<string, string | undefined>>;
}

type Resource = AlarmTemplate['Resources'][string];

const SEARCH = /SEARCH\(\s*'\{([^}]*)\}([^']*)'/g;
const LOOKS_ONLY = new Visit({ tryRenamed: () => undefined, hasNamespace: () => false, hasName: () => false, takesAll: true });

/**
 * The metrics that a template reads: its alarms, what scales by a metric, and the rows and searches of its dashboards.
 *
 * Errors: a dashboard whose body is no JSON; a search that names no metric.
 */
export function metricsReadBy(template: AlarmTemplate): ReadMetric[] {
  return [
    ...alarmsOf(template).flatMap(({ name, series }) => series.map(one => ofSeries(name, one))),
    ...Object.entries(template.Resources).flatMap(([id, resource]) => metricsOf(id, resource)),
  ];
}

function ofSeries(where: string, { namespace, name, dimensions }: ReadSeries): ReadMetric {
  return { where, namespace, name, dimensions };
}

function metricsOf(id: string, { Type, Properties }: Resource): ReadMetric[] {
  const texts = [...JSON.stringify(Properties ?? {}).replace(/\\+"/g, '"').matchAll(SEARCH)];
  // The label of a graph repeats its expression.
  const searches = [...new Map(texts.map(found => [found[0], found])).values()].flatMap(found => searched(id, found));
  if (Type === 'AWS::CloudWatch::Dashboard') return [...searches, ...shownOn(id, (Properties as { DashboardBody: unknown }).DashboardBody)];
  return Type === 'AWS::CloudWatch::Alarm' ? searches : [...searches, ...namedIn(id, Properties)];
}

function searched(where: string, [text, schema, terms]: RegExpMatchArray): ReadMetric[] {
  const [namespace, ...dimensions] = schema.split(',').map(part => part.trim().replace(/^"|"$/g, ''));
  const names = [...terms.matchAll(/MetricName\s*=\s*"([^"]+)"/g)].map(([, name]) => name);
  if (names.length === 0) throw new Error(`${where}: ${text} names no metric`);
  return names.map(name => ({ where, namespace, name, dimensions: Object.fromEntries(dimensions.map(one => [one, undefined])) }));
}

/** Rows lean on the one above in shorthand, which the command of migrations reads too. */
function shownOn(id: string, body: unknown): ReadMetric[] {
  return itemsOf(member(parseJson(fileLayer(textOf(body))), 'widgets')).flatMap((widget, index) => {
    const where = `${id}, widget ${index}`;
    return readRows(LOOKS_ONLY, member(member(widget, 'properties'), 'metrics'), where).flatMap(row => {
      if (!row) return [];
      const [namespace, name, ...cells] = row.values;
      const pairs = cells.flatMap((cell, at) => (at % 2 === 0 ? [[cell, cells[at + 1]]] : []));
      return [{ where, namespace, name, dimensions: Object.fromEntries(pairs) as Record<string, string> }];
    });
  });
}

/** What only the deployment knows becomes a word. */
function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  const [separator, parts] = (body as { 'Fn::Join': [string, unknown[]] })['Fn::Join'];
  return parts.map(part => (typeof part === 'string' ? part : 'at-deployment')).join(separator);
}

/** Wherever a namespace and a name stand side by side, as in a scaling policy. */
function namedIn(where: string, value: unknown): ReadMetric[] {
  if (typeof value !== 'object' || value === null) return [];
  const { Namespace, MetricName, Dimensions = [] } = value as { Namespace?: string; MetricName?: string; Dimensions?: { Name: string }[] };
  const below = Object.values(value).flatMap(one => namedIn(where, one));
  if (typeof Namespace !== 'string' || typeof MetricName !== 'string') return below;
  const dimensions = Object.fromEntries(Dimensions.map(({ Name }) => [Name, undefined]));
  return [{ where, namespace: Namespace, name: MetricName, dimensions }, ...below];
}
