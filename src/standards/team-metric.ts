import { Token } from 'aws-cdk-lib';
import { Unit } from 'aws-cdk-lib/aws-cloudwatch';
import { IConstruct } from 'constructs';
import { IEmittedMetric } from './metric-migration';
import { TeachingErrors, teachingErrors } from './teaching-error';
import { METRIC_CATALOG, RUNTIME_ENVIRONMENT } from '../contract/data';
import { METRICS } from '../contract/metric-entry';
import { toldTeamMetric } from '../contract/team-metric';

const { team } = METRIC_CATALOG;
/** What CloudWatch takes in a dimension set. */
const MAX_DIMENSIONS = 30;
const NAME = new RegExp(`^[\\x21-\\x7e](?:[\\x20-\\x7e]{0,${team.maxNameLength - 2}}[\\x21-\\x7e])?$`);

/** A metric of a team's own. `CatalogMetric.team(…)` is one. */
export interface ITeamMetric extends IEmittedMetric {
  /** The unit. */
  readonly unit: Unit;
  /** Every dimension set that the runtimes emit. */
  readonly dimensionSets: string[][];
}

/**
 * The metrics, when the runtimes can emit all of them.
 *
 * Errors: a metric of the catalogue; a name that CloudWatch does not take or that is not known at synth; one metric twice; more of them
 * than the variables of a function have room for.
 */
export function requireTeamMetrics(scope: IConstruct, metrics: readonly ITeamMetric[]): readonly ITeamMetric[] {
  const seen = new Set<string>();
  for (const metric of metrics) {
    const refused = teachingErrors(scope, `The metric ${Token.isUnresolved(metric.id) ? 'of a team' : metric.id}`);
    requireOwn(refused, metric);
    requireNames(refused, metric);
    requireSets(refused, metric);
    if (seen.has(metric.id)) {
      throw refused({
        problem: 'teamMetrics lists it twice',
        given: metric.id,
        allowed: 'each area and name once',
        fix: 'take the second one out, or give it another area',
      });
    }
    seen.add(metric.id);
  }
  requireRoom(scope, metrics);
  return metrics;
}

/** What the runtimes read of the metrics. Undefined without any. */
export function tryTeamMetricsVariable(metrics: readonly ITeamMetric[]): string | undefined {
  if (metrics.length === 0) return undefined;
  return JSON.stringify(metrics.map(({ id, unit, dimensionSets }) => toldTeamMetric(id, unit, dimensionSets)));
}

function requireOwn(refused: TeachingErrors, { id, area, metricName }: ITeamMetric): void {
  const entry = METRICS.find(one => one.id === id || (one.area === area && one.name === metricName));
  if (!entry) return;
  throw refused({
    problem: `${entry.area}/${entry.name} is a metric of the catalogue: two meanings under one name`,
    given: { area, name: metricName },
    allowed: 'any other area and name',
    fix: `emit and watch CatalogMetric.${entry.constant}, or give your own metric another name`,
  });
}

function requireNames(refused: TeachingErrors, { area, metricName, dimensionSets }: ITeamMetric): void {
  const dimensions = dimensionSets.flat();
  for (const [what, name] of [['area', area], ['name', metricName], ...dimensions.map(dimension => ['dimension', dimension])]) {
    // A blob of the embedded metric format holds values and dimensions side by side, under their names.
    const isTaken = what === 'name' && (name === '_aws' || dimensions.includes(name));
    const isReserved = what !== 'name' && name.startsWith(':');
    if (!Token.isUnresolved(name) && NAME.test(name) && !isTaken && !isReserved) continue;
    throw refused({
      problem: `Its ${what} cannot be emitted`,
      given: name,
      allowed: `a literal of 1 to ${team.maxNameLength} characters of printable ASCII, without blanks or a colon at its ends; `
        + 'a metric has not the name of one of its dimensions',
      fix: 'write the name out, for example CatalogMetric.team("OrderCount", { area: "Checkout" })',
    });
  }
}

function requireSets(refused: TeachingErrors, { dimensionSets }: ITeamMetric): void {
  const keys = dimensionSets.map(set => [...set].sort().join());
  const isSet = (set: readonly string[]): boolean => set.length <= MAX_DIMENSIONS && new Set(set).size === set.length;
  if (dimensionSets.length > 0 && dimensionSets.every(isSet) && new Set(keys).size === keys.length) return;
  throw refused({
    problem: 'Its dimension sets cannot be emitted',
    given: dimensionSets,
    allowed: `one set or more, each once, of ${MAX_DIMENSIONS} different names at most`,
    fix: 'leave dimensionSets out for [service_name, environment] and [environment], or list each set once',
  });
}

function requireRoom(scope: IConstruct, metrics: readonly ITeamMetric[]): void {
  const { length } = tryTeamMetricsVariable(metrics) ?? '';
  if (length <= team.maxVariableLength) return;
  throw teachingErrors(scope, 'teamMetrics')({
    problem: 'The environment of a function has no room for so many: Lambda gives it 4 KB in all',
    given: `${metrics.length} metrics, ${length} characters in ${RUNTIME_ENVIRONMENT.variables.teamMetrics.name}`,
    allowed: `${team.maxVariableLength} characters`,
    fix: 'apply Standards with its own teamMetrics to the stack of each service, or give metrics shorter names and fewer sets',
  });
}
