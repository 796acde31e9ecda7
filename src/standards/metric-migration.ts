import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Limited, requireLastDay, tryEndsSoon } from './last-day';
import { teachingError } from './teaching-error';
import type { Warning } from './warnings';
import { METRICS } from '../contract/metric-entry';

/** A metric as the runtimes emit it. `CatalogMetric` is one. */
export interface IEmittedMetric {
  /** The metric in alarm names. */
  readonly id: string;
  /** The second part of the namespace. */
  readonly area: string;
  /** The metric name. */
  readonly metricName: string;
}

/** What a metric was called before. */
export interface OldMetricName {
  /** The namespace, for example `Chatbot`. */
  readonly namespace: string;
  /** The metric name, for example `BedrockCalls`. */
  readonly name: string;
}

/** A metric that is emitted under its old name too, until dashboards and alarms have moved to the new one. */
export interface MetricMigration {
  /** The old name. It gets the dimension sets of the new one. */
  readonly from: OldMetricName;

  /** The metric of the catalogue that takes its place, for example `CatalogMetric.BEDROCK_INVOCATION_COUNT`. */
  readonly metric: IEmittedMetric;

  /**
   * The last day of the old name, as `YYYY-MM-DD` in UTC. From the day after it the app does not synthesise until the migration is
   * taken out; in its last 30 days it warns.
   */
  readonly until: string;
}

/** What CloudWatch takes. */
const NAME = /^[\x20-\x7e]{1,255}$/;

/**
 * The migrations, when all of them can be emitted today.
 *
 * Errors: a name or a day that is none; a day that has passed; a metric that no runtime emits; one old name for two metrics.
 */
export function requireMetricMigrations(
  scope: IConstruct, migrations: readonly MetricMigration[], teamMetrics: readonly IEmittedMetric[],
): readonly MetricMigration[] {
  for (const migration of migrations) {
    requireOldName(scope, migration);
    requireEmitted(scope, migration, teamMetrics);
    requireLastDay(scope, limitOf(migration));
  }
  requireOneMetricEach(scope, migrations);
  return migrations;
}

/** What the runtimes read of the migrations. Undefined without any. */
export function tryMigrationsVariable(migrations: readonly MetricMigration[]): string | undefined {
  if (migrations.length === 0) return undefined;
  return JSON.stringify(migrations.map(({ from: { namespace, name }, metric: { id } }) => ({ metric: id, namespace, name })));
}

function requireOldName(scope: IConstruct, { from, metric }: MetricMigration): void {
  const taken = METRICS.filter(({ id }) => id === metric.id).flatMap(({ dimensions, rollups }) => [...dimensions, ...rollups.flat()]);
  for (const [key, value] of Object.entries({ namespace: from.namespace, name: from.name })) {
    const isToken = Token.isUnresolved(value);
    const isReserved = key === 'namespace' ? /^(:|aws\/)/i.test(value) : value === '_aws' || taken.includes(value);
    if (!isToken && !isReserved && NAME.test(value)) continue;
    throw teachingError(scope, {
      problem: `The old ${key} of ${metric.id} cannot be emitted`,
      given: value,
      allowed: 'a literal of 1 to 255 characters of printable ASCII: no namespace of AWS, no name of a dimension of the metric',
      fix: 'write the old name as it stands in your dashboards, for example { namespace: "Chatbot", name: "BedrockCalls" }',
    });
  }
}

function requireEmitted(scope: IConstruct, { metric }: MetricMigration, teamMetrics: readonly IEmittedMetric[]): void {
  const emitted = [...METRICS, ...teamMetrics].map(({ id }) => id);
  if (emitted.includes(metric.id)) return;
  throw teachingError(scope, {
    problem: 'Only metrics of the catalogue and of teamMetrics are emitted by the runtimes, and so under an old name too',
    given: metric.id,
    allowed: emitted.join(', '),
    fix: 'name a metric as CatalogMetric.BEDROCK_INVOCATION_COUNT, or add the metric to teamMetrics of these standards',
  });
}

function limitOf({ from, metric, until }: MetricMigration): Limited {
  return {
    subject: `The old name ${from.namespace} ${from.name} of ${metric.id}`,
    until,
    fix: 'find what still reads it with plumbline metrics audit, move it with plumbline metrics migrate-dashboard, '
      + 'and take the name out of metricMigrations',
  };
}

/** Warnings of the migrations that end soon, for whatever emits under their old names. */
export function findEndingMigrations(scope: IConstruct, migrations: readonly MetricMigration[]): Warning[] {
  return migrations.flatMap(migration =>
    tryEndsSoon(scope, limitOf(migration), `metricMigration:${migration.from.namespace}:${migration.from.name}`) ?? []);
}

function requireOneMetricEach(scope: IConstruct, migrations: readonly MetricMigration[]): void {
  const seen = new Map<string, string>();
  for (const { from: { namespace, name }, metric } of migrations) {
    const key = JSON.stringify([namespace, name]);
    const other = seen.get(key);
    if (other !== undefined) {
      throw teachingError(scope, {
        problem: 'An old name is listed twice: two metrics would be mixed under it, or one counted twice',
        given: `${namespace} ${name} for ${other} and ${metric.id}`,
        allowed: 'one metric for each old name',
        fix: 'take one of the two out of metricMigrations',
      });
    }
    seen.set(key, metric.id);
  }
}
