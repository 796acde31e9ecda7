import { liveAlarms } from './live-alarms';
import { ServiceIdentity } from './workloads';
import { UNKNOWN } from '../../../contract/iam/patterns';
import { MetricEntry, METRICS } from '../../../contract/metric-entry';
import { isRecord, JsonRecord } from '../../../contract/template/template-values';
import { AppModel } from '../template/app-model';
import { knownText } from '../template/known-text';
import { TemplateResource } from '../template/template';

const SERVICE_DIMENSION = 'service_name';
const ENVIRONMENT_DIMENSION = 'environment';

const MANDATORY = METRICS.filter(({ tier }) => tier === 'mandatory');

/** What an alarm says of one metric, as texts where they are known. */
interface WatchedMetric {
  readonly namespaces: string[];
  readonly name: unknown;
  readonly dimensions: ReadonlyMap<string, unknown>;
}

/**
 * The metrics of the mandatory tier that an alarm in the stage of `workload` watches for its service.
 *
 * An alarm counts when it can fire, names the service, and a dimension set that the runtimes emit: on any other it would never
 * see data. One on the whole product does not, since it stays quiet while another service works.
 */
export function watchedMetrics(workload: TemplateResource, service: ServiceIdentity, app: AppModel): Set<string> {
  const watched = app.once('watched metrics', app, () => metricsByService(app)).get(keyOf(workload, service.service)) ?? [];
  const ids = watched.map(metric => mandatoryId(metric, service));
  return new Set(ids.filter(id => id !== undefined));
}

/** What the alarms watch, by the stage they stand in and the service they name. */
function metricsByService(app: AppModel): Map<string, WatchedMetric[]> {
  const found = new Map<string, WatchedMetric[]>();
  for (const alarm of liveAlarms(app)) {
    for (const metric of metricsOf(alarm, app)) {
      const key = keyOf(alarm, metric.dimensions.get(SERVICE_DIMENSION));
      found.set(key, [...found.get(key) ?? [], metric]);
    }
  }
  return found;
}

const keyOf = ({ template }: TemplateResource, service: unknown): string => JSON.stringify([template.stage, service]);

/** The alarm's metric, or those that its metric math works on. */
function metricsOf(alarm: TemplateResource, app: AppModel): WatchedMetric[] {
  const inMath = app.items(alarm, alarm.properties.Metrics)
    .filter(isRecord)
    .map(query => query.MetricStat)
    .filter(isRecord)
    .map(stat => stat.Metric)
    .filter(isRecord);
  return [alarm.properties, ...inMath].map(metric => watchedMetric(metric, alarm, app));
}

function watchedMetric({ Namespace, MetricName, Dimensions }: JsonRecord, alarm: TemplateResource, app: AppModel): WatchedMetric {
  const dimensions = app.items(alarm, Dimensions).filter(isRecord);
  return {
    namespaces: app.texts(alarm, Namespace),
    name: knownText(alarm, MetricName, app),
    dimensions: new Map(dimensions.map(({ Name, Value }) => [String(Name), knownText(alarm, Value, app)])),
  };
}

function mandatoryId({ namespaces, name, dimensions }: WatchedMetric, service: ServiceIdentity): string | undefined {
  if (service.environment !== undefined && !same(dimensions.get(ENVIRONMENT_DIMENSION), service.environment)) return undefined;
  const entry = MANDATORY.find(metric => metric.name === name
    && namespaces.some(text => isNamespace(text, metric.area, service.product))
    && isEmitted([...dimensions.keys()], metric));
  return entry?.id;
}

/** A product that is known only at deployment is taken by the area that follows it. */
function isNamespace(namespace: string, area: string, product: unknown): boolean {
  return typeof product === 'string' && !product.includes(UNKNOWN) ? namespace === `${product}/${area}` : namespace.endsWith(`/${area}`);
}

function isEmitted(names: string[], { dimensions, rollups }: MetricEntry): boolean {
  const wanted = [...names].sort().join();
  return [dimensions, ...rollups].some(set => [...set].sort().join() === wanted);
}

function same(one: unknown, other: unknown): boolean {
  return one !== undefined && JSON.stringify(one) === JSON.stringify(other);
}
