import { EmittedMetric, readTeamMetrics } from './team-metrics';
import { METRIC_CATALOG, RUNTIME_ENVIRONMENT } from '../../../src/contract/data';

const { variables } = RUNTIME_ENVIRONMENT;

export type HandlerKind = typeof variables.kind.values[number];
export type EnvelopeMode = typeof variables.envelope.values[number];
export type ProbeLevel = typeof variables.probe.values[number];
export type MetricTransport = Exclude<typeof variables.metrics.values[number], 'AUTO'>;

/** What the constructs tell the function about itself. */
export interface Settings {
  readonly product: string;
  readonly environment: string;
  readonly serviceName: string;
  readonly kind: HandlerKind;
  readonly envelope: EnvelopeMode;
  readonly probe: ProbeLevel;
  readonly probeModels: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly metrics: MetricTransport;
  readonly metricMigrations: readonly OldName[];
  readonly teamMetrics: ReadonlyMap<string, EmittedMetric>;
}

/** A name that a metric of the catalogue is emitted under too, until its dashboards and alarms have moved. */
export interface OldName {
  /** The id of the metric. */
  readonly metric: string;
  readonly namespace: string;
  readonly name: string;
}

let cached: Settings | undefined;

/** Read once: the environment of a function does not change while it runs. */
export function settings(): Settings {
  cached ??= readSettings(process.env);
  return cached;
}

/** Forgets what was read. For tests. */
export function forgetSettings(): void {
  cached = undefined;
}

export function readSettings(env: NodeJS.ProcessEnv): Settings {
  return {
    product: env[variables.product.name] || 'Plumbline',
    environment: env[variables.environment.name] || 'unknown',
    serviceName: env[variables.serviceName.name] || env.AWS_LAMBDA_FUNCTION_NAME || 'unknown',
    kind: oneOf(variables.kind.values, env[variables.kind.name], 'AUTO'),
    envelope: oneOf(variables.envelope.values, env[variables.envelope.name], 'ON'),
    probe: oneOf(variables.probe.values, env[variables.probe.name], 'NONE'),
    probeModels: list(env[variables.probeModels.name]),
    allowedOrigins: list(env[variables.allowOrigin.name]),
    metrics: metricTransport(env),
    metricMigrations: oldNames(env[variables.metricMigrations.name]),
    teamMetrics: readTeamMetrics(env[variables.teamMetrics.name]),
  };
}

function metricTransport(env: NodeJS.ProcessEnv): MetricTransport {
  const given = oneOf(variables.metrics.values, env[variables.metrics.name], 'AUTO');
  if (given !== 'AUTO') return given;
  return isServiceOnEcs(env) ? 'PUT_METRIC_DATA' : 'EMF';
}

/** Whether this is a container of ECS, and neither a function nor a pipeline's. */
export function isServiceOnEcs(env: NodeJS.ProcessEnv): boolean {
  const isAnySet = (names: readonly string[]): boolean => names.some(name => env[name]);
  const { putWhere, logWhere } = METRIC_CATALOG.transport;
  return isAnySet(putWhere) && !isAnySet(logWhere);
}

/** A wrong value stops the function while it starts, not at its first request. */
function oneOf<T extends string>(allowed: readonly T[], given: string | undefined, fallback: T): T {
  if (!given) return fallback;
  const value = allowed.find(candidate => candidate === given);
  if (!value) throw new Error(`Environment variable value "${given}" is not one of ${allowed.join(', ')}. Let StandardLambda set it.`);
  return value;
}

function oldNames(given: string | undefined): OldName[] {
  if (!given) return [];
  try {
    const names = JSON.parse(given) as OldName[];
    const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
    if (names.every(({ metric, namespace, name }) => [metric, namespace, name].every(isText))) return names;
  } catch {
    // Told below: whatever is wrong with it, it is not what a construct wrote.
  }
  throw new Error(`Environment variable ${variables.metricMigrations.name} is no list of old names. Let StandardLambda set it.`);
}

function list(given: string | undefined): string[] {
  return (given ?? '').split(',').map(item => item.trim()).filter(item => item.length > 0);
}
