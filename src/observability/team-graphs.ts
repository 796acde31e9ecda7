import { Duration } from 'aws-cdk-lib';
import { IMetric, Metric, Unit } from 'aws-cdk-lib/aws-cloudwatch';
import { IConstruct } from 'constructs';
import { CountedWidget, graph } from './dashboard-part';
import { found } from './dashboard-searches';
import { METRIC_CATALOG } from '../contract/data';
import { Standards } from '../standards/standards';
import { ITeamMetric } from '../standards/team-metric';

const { periodSeconds: PERIOD } = METRIC_CATALOG.missingAlarm;

/** The metrics of the teams' own, as far as they can be told apart by environment and service; counts and other values apart. */
export function teamGraphs(scope: IConstruct, serviceName?: string): CountedWidget[] {
  const { teamMetrics } = Standards.of(scope);
  const lines = (isWanted: (metric: ITeamMetric) => boolean): IMetric[] =>
    teamMetrics.filter(isWanted).flatMap(metric => tryLine(scope, metric, serviceName) ?? []);
  const counts = lines(({ unit }) => unit === Unit.COUNT);
  const others = lines(({ unit }) => unit !== Unit.COUNT);
  return [
    ...counts.length > 0 ? [graph('Counts of the team', counts)] : [],
    ...others.length > 0 ? [graph('Other values of the team, p99', others)] : [],
  ];
}

/** Of the set that says just enough; where the team emits none, of all that a larger set holds. */
function tryLine(scope: IConstruct, metric: ITeamMetric, serviceName: string | undefined): IMetric | undefined {
  const { product, environment } = Standards.of(scope);
  const known: Record<string, string> = { environment, ...serviceName !== undefined && { service_name: serviceName } };
  const names = Object.keys(known);
  const sets = metric.dimensionSets.filter(set => names.every(name => set.includes(name)));
  const [smallest] = [...sets].sort((one, other) => one.length - other.length);
  if (!smallest) return undefined;
  const read = { namespace: `${product}/${metric.area}`, statistic: metric.unit === Unit.COUNT ? 'Sum' : 'p99' };
  return smallest.length === names.length
    ? new Metric({ ...read, metricName: metric.metricName, dimensionsMap: known, period: Duration.seconds(PERIOD), label: metric.id })
    : found({ ...read, dimensions: smallest, values: known, names: [metric.metricName], periodSeconds: PERIOD }, metric.id);
}
