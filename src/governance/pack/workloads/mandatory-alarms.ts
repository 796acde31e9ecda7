import { CfnResource } from 'aws-cdk-lib';
import { ServiceIdentity } from './workloads';
import { MetricEntry, METRICS } from '../../../contract/metric-entry';
import { AppModel } from '../template/app-model';
import { branches, isRecord, JsonRecord } from '../template/template-values';

const ALARM = 'AWS::CloudWatch::Alarm';
const SERVICE_DIMENSION = 'service_name';
const ENVIRONMENT_DIMENSION = 'environment';

const MANDATORY = METRICS.filter(({ tier }) => tier === 'mandatory');

/**
 * The metrics of the mandatory tier that an alarm in the stage of `workload` watches for its service.
 *
 * An alarm counts when it names the service, and a dimension set that the runtimes emit: on any other it would never see
 * data. One on the whole product does not, since it stays quiet while another service works.
 */
export function watchedMetrics(workload: CfnResource, service: ServiceIdentity, app: AppModel): Set<string> {
  const watched = new Set<string>();
  for (const alarm of app.resourcesBeside(workload, ALARM)) {
    for (const metric of metricsOf(app.propertiesOf(alarm))) {
      const id = watchedMetric(metric, service);
      if (id) watched.add(id);
    }
  }
  return watched;
}

/** The alarm's metric, or those that its metric math works on. */
function metricsOf(alarm: JsonRecord): JsonRecord[] {
  const inMath = branches(alarm.Metrics)
    .filter(isRecord)
    .map(query => query.MetricStat)
    .filter(isRecord)
    .map(stat => stat.Metric)
    .filter(isRecord);
  return [alarm, ...inMath];
}

function watchedMetric({ Namespace, MetricName, Dimensions }: JsonRecord, service: ServiceIdentity): string | undefined {
  const dimensions = new Map(branches(Dimensions).filter(isRecord).map(({ Name, Value }) => [String(Name), Value]));
  if (!same(dimensions.get(SERVICE_DIMENSION), service.service)) return undefined;
  if (service.environment !== undefined && !same(dimensions.get(ENVIRONMENT_DIMENSION), service.environment)) return undefined;
  const entry = MANDATORY.find(metric =>
    metric.name === MetricName && isNamespace(Namespace, metric.area, service.product) && isEmitted([...dimensions.keys()], metric));
  return entry?.id;
}

function isNamespace(namespace: unknown, area: string, product: unknown): boolean {
  if (typeof product === 'string') return namespace === `${product}/${area}`;
  const end = typeof namespace === 'string' ? namespace : textAtEnd(namespace);
  return end.endsWith(`/${area}`);
}

/** Of a namespace with a product that is known only at deployment. */
function textAtEnd(namespace: unknown): string {
  const [, parts] = (isRecord(namespace) ? namespace['Fn::Join'] ?? [] : []) as [string?, unknown?];
  const last: unknown = Array.isArray(parts) ? parts.at(-1) : undefined;
  return typeof last === 'string' ? last : '';
}

function isEmitted(names: string[], { dimensions, rollups }: MetricEntry): boolean {
  const wanted = [...names].sort().join();
  return [dimensions, ...rollups].some(set => [...set].sort().join() === wanted);
}

function same(one: unknown, other: unknown): boolean {
  return one !== undefined && JSON.stringify(one) === JSON.stringify(other);
}
