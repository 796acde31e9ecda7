import { METRIC_CATALOG, RUNTIME_ENVIRONMENT } from '../../../src/contract/data';
import { ToldTeamMetric, tryTeamMetricNames } from '../../../src/contract/team-metric';

/** What the runtime knows of a metric that it emits. */
export interface EmittedMetric {
  readonly area: string;
  readonly name: string;
  readonly unit: string;
  /** The full set, of which a datum tells all, and the further sets it is emitted under. */
  readonly dimensions: readonly string[];
  readonly rollups: readonly (readonly string[])[];
  readonly allDimensions: readonly string[];
  readonly dimensionValues?: Readonly<Record<string, readonly string[]>>;
}

const { team } = METRIC_CATALOG;

/** The metrics of a team's own by their ids, as the constructs wrote them. Errors: it is no such list. */
export function readTeamMetrics(given: string | undefined): ReadonlyMap<string, EmittedMetric> {
  if (!given) return new Map();
  try {
    return new Map((JSON.parse(given) as ToldTeamMetric[]).map(told => [told.id, emittedMetric(told)]));
  } catch {
    const { name } = RUNTIME_ENVIRONMENT.variables.teamMetrics;
    throw new Error(`Environment variable ${name} is no list of metrics of a team. Let StandardLambda set it.`);
  }
}

function emittedMetric({ id, unit = team.unit, sets = team.dimensionSets }: ToldTeamMetric): EmittedMetric {
  const names = tryTeamMetricNames(id);
  const areSets = sets.length > 0 && sets.every(set => Array.isArray(set) && set.every(isName));
  if (!names || !isName(unit) || !areSets) throw new TypeError(id);
  const [dimensions, ...rollups] = sets;
  return { ...names, unit, dimensions, rollups, allDimensions: [...new Set(sets.flat())] };
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
