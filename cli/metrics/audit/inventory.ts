import { MetricName, Renames } from '../references/visit';

/** A metric that is in use, and where. */
export interface UsedMetric extends MetricName {
  readonly places: readonly string[];
}

/** The metrics that were seen. */
export class Inventory {
  private readonly byName = new Map<string, MetricName & { readonly places: Set<string> }>();

  public add({ namespace, name }: MetricName, place: string): void {
    const key = JSON.stringify([namespace, name]);
    const used = this.byName.get(key) ?? { namespace, name, places: new Set() };
    used.places.add(place);
    this.byName.set(key, used);
  }

  /** In the order of namespaces and names: the same on every machine and in every run. */
  public get all(): UsedMetric[] {
    return [...this.byName.keys()].sort((one, other) => (one < other ? -1 : 1)).map(key => {
      const { namespace, name, places } = this.byName.get(key)!;
      return { namespace, name, places: [...places].sort() };
    });
  }

  /** Takes every metric that a document is asked about, and renames none. All namespaces are of interest. */
  public recorder(place: string): Renames {
    return {
      tryRenamed: metric => {
        this.add(metric, place);
        return undefined;
      },
      hasNamespace: () => true,
      hasName: () => false,
      takesAll: true,
    };
  }
}
