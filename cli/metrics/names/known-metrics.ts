import { METRIC_CATALOG } from '../../../src/contract/data';
import { MetricEntry, METRICS } from '../../../src/contract/metric-entry';
import { teamMetricId } from '../../../src/contract/team-metric';
import { isRecord } from '../../../src/contract/template/template-values';
import { CouldNotRun } from '../../system/could-not-run';

/** A metric that services may emit: of the catalogue, or a team's own. */
export interface KnownMetric {
  /** The second part of the namespace. */
  readonly area: string;
  readonly name: string;
  /** What the runtimes' `emitMetric` calls it. */
  readonly id?: string;
  readonly unit?: string;
}

const FOREIGN = new RegExp(METRIC_CATALOG.foreignNamespaces, 'i');
const FORM = '[{ "name": "OrderCount", "area": "Checkout" }]';

/** Whether AWS or one of its agents emits under this namespace: no catalogue of ours rules there. */
export function isForeign(namespace: string): boolean {
  return FOREIGN.test(namespace);
}

/** The names that are right: those of the catalogue, and those that a team declares. */
export class KnownMetrics {
  public readonly all: readonly KnownMetric[];

  constructor(private readonly product: string | undefined, team: readonly KnownMetric[]) {
    this.all = [...METRICS.map(({ id, area, name, unit }: MetricEntry) => ({ id, area, name, unit })), ...team];
  }

  public with(team: readonly KnownMetric[]): KnownMetrics {
    return new KnownMetrics(this.product, [...this.all.slice(METRICS.length), ...team]);
  }

  public hasId(id: string): boolean {
    return this.all.some(known => known.id === id);
  }

  public has(namespace: string, name: string): boolean {
    return this.all.some(known => known.name === name && this.isIn(namespace, known.area));
  }

  /** Without a product any will do. */
  private isIn(namespace: string, area: string): boolean {
    if (this.product !== undefined) return namespace === `${this.product}/${area}`;
    return namespace.endsWith(`/${area}`) && namespace.length > area.length + 1;
  }
}

/** A file of metrics of a team's own. Errors: it is none. */
export function parseTeamMetrics(text: string, file: string): KnownMetric[] {
  let content: unknown;
  try {
    content = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new CouldNotRun(`${file} is no JSON: ${(error as Error).message}`);
  }
  if (!Array.isArray(content)) throw new CouldNotRun(`${file} lists no metrics of a team. A list is ${FORM}`);
  return content.map((entry: unknown, index) => {
    const { name, area = METRIC_CATALOG.team.area } = isRecord(entry) ? entry : {};
    if (isName(name) && isName(area)) return { name, area, id: teamMetricId(area, name) };
    throw new CouldNotRun(`${file}: entry ${index} is ${JSON.stringify(entry)}. A list is ${FORM}; "area" is "Team" where it is left out`);
  });
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
