import { METRIC_CATALOG } from './data';

const { team } = METRIC_CATALOG;
const ESCAPED = /%([0-9a-f]{2})/g;

/** One id a metric: the first full stop ends the area, whatever stands in it and in the name. A construct id takes no slash. */
export function teamMetricId(area: string, name: string): string {
  return `${area.replace(/[./%]/g, escaped)}.${name.replace(/[/%]/g, escaped)}`;
}

/** Area and name of the metric with this id; undefined when no metric of a team has such an id. */
export function tryTeamMetricNames(id: string): { readonly area: string; readonly name: string } | undefined {
  const [, area, name] = /^([^.]+)\.(.+)$/s.exec(id) ?? [];
  if (!area || !name) return undefined;
  const plain = (text: string): string => text.replace(ESCAPED, (_escape, code: string) => String.fromCharCode(parseInt(code, 16)));
  return { area: plain(area), name: plain(name) };
}

function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16)}`;
}

/** What the runtimes are told of a metric of a team's own. */
export interface ToldTeamMetric {
  readonly id: string;
  /** Left out where it is that of the contract. */
  readonly unit?: string;
  /** The dimension sets; left out where they are those of the contract. */
  readonly sets?: readonly (readonly string[])[];
}

/** The variable of a function has little room: what the contract says goes without saying. */
export function toldTeamMetric(id: string, unit: string, sets: readonly (readonly string[])[]): ToldTeamMetric {
  return {
    id,
    ...(unit !== team.unit && { unit }),
    ...(JSON.stringify(sets) !== JSON.stringify(team.dimensionSets) && { sets }),
  };
}
