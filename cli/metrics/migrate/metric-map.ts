import { isRecord } from '../../../src/contract/template/template-values';
import { CouldNotRun } from '../../system/could-not-run';
import { MetricName, Renames } from '../references/visit';

/** One entry of a map. */
export interface Rename {
  readonly from: MetricName;
  readonly to: MetricName;
}

const FORM = '[{ "from": { "namespace": "Old", "name": "x" }, "to": { "namespace": "New", "name": "y" } }]';
/** CloudWatch's own limits. */
const TEXT = /^[\x20-\x7e]{1,255}$/;

/** What metrics are called from now on. One pass over a document knows no order, so no new name may be an old one too. */
export class MetricMap implements Renames {
  /** Errors: the text is no map, or a map whose result depends on how often or in which order it is used. */
  public static parse(text: string, file: string): MetricMap {
    return new MetricMap(requireEntries(parsed(text, file), file), file);
  }

  private readonly targets = new Map<string, MetricName>();
  private readonly namespaces: ReadonlySet<string>;
  private readonly names: ReadonlySet<string>;

  private constructor(private readonly entries: readonly Rename[], private readonly file: string) {
    for (const [index, { from, to }] of entries.entries()) this.add(from, to, index);
    this.requireOnePass();
    const renamed = entries.map(({ from }) => from);
    this.namespaces = new Set(renamed.map(({ namespace }) => namespace));
    this.names = new Set(renamed.map(({ name }) => name));
  }

  /** How many metrics get another name. */
  public get size(): number {
    return this.targets.size;
  }

  public tryRenamed({ namespace, name }: MetricName): MetricName | undefined {
    return this.targets.get(keyOf({ namespace, name }));
  }

  public hasNamespace(namespace: string): boolean {
    return this.namespaces.has(namespace);
  }

  public hasName(name: string): boolean {
    return this.names.has(name);
  }

  /** The names that two metrics get: these are one from then on, and no map parts them again. */
  public findMerged(): string[] {
    const sources = new Map<string, Set<string>>();
    for (const { from, to } of this.entries) {
      const key = shownName(to);
      sources.set(key, (sources.get(key) ?? new Set()).add(shownName(from)));
    }
    return [...sources].filter(([, from]) => from.size > 1).map(([to, from]) => `${[...from].join(' and ')} become ${to}`);
  }

  /** The way back; undefined where two metrics become one. */
  public tryInverse(): MetricMap | undefined {
    if (this.findMerged().length > 0) return undefined;
    return new MetricMap(this.entries.map(({ from, to }) => ({ from: to, to: from })), this.file);
  }

  private add(from: MetricName, to: MetricName, index: number): void {
    const known = this.targets.get(keyOf(from));
    if (known && keyOf(known) !== keyOf(to)) {
      throw new CouldNotRun(`${this.file}: entry ${index} renames ${shownName(from)} to ${shownName(to)}, and an earlier one to `
        + `${shownName(known)}. One metric has one new name: take one of the two out.`);
    }
    if (keyOf(from) !== keyOf(to)) this.targets.set(keyOf(from), to);
  }

  private requireOnePass(): void {
    for (const { from, to } of this.entries) {
      const further = this.targets.get(keyOf(to));
      if (!further || keyOf(from) === keyOf(to)) continue;
      const isSwap = keyOf(further) === keyOf(from);
      throw new CouldNotRun(`${this.file}: ${shownName(from)} becomes ${shownName(to)}, which itself becomes ${shownName(further)}. `
        + 'A second run would change the document again. '
        + (isSwap ? 'Two names cannot be swapped: give one of them a new name, in a map of its own.'
          : `Name the last one at once: ${shownName(from)} to ${shownName(further)}.`));
    }
  }
}

export function shownName({ namespace, name }: MetricName): string {
  return `${namespace} ${name}`;
}

function keyOf({ namespace, name }: MetricName): string {
  return JSON.stringify([namespace, name]);
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new CouldNotRun(`${file} is no JSON: ${(error as Error).message}`);
  }
}

function requireEntries(map: unknown, file: string): Rename[] {
  if (!Array.isArray(map)) throw new CouldNotRun(`${file} is no map of metrics. A map is ${FORM}`);
  return map.map((entry: unknown, index) => ({ from: requireName(entry, 'from', index), to: requireName(entry, 'to', index) }));

  function requireName(entry: unknown, side: string, index: number): MetricName {
    const given = isRecord(entry) ? entry[side] : undefined;
    const { namespace, name } = isRecord(given) ? given : {};
    for (const [key, value] of Object.entries({ namespace, name })) {
      if (typeof value === 'string' && TEXT.test(value) && !(key === 'namespace' && value.startsWith(':'))) continue;
      throw new CouldNotRun(`${file}: entry ${index} has ${JSON.stringify(value) ?? 'nothing'} for ${side}.${key}. Allowed: 1 to 255 `
        + `characters of printable ASCII, as CloudWatch takes them${key === 'namespace' ? ', no colon in front' : ''}. `
        + `An entry is like ${FORM.slice(1, -1)}`);
    }
    return { namespace, name } as MetricName;
  }
}
