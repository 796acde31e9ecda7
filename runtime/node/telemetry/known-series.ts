import type { EmfSeries } from './emf-lines';
import { type Settings, settings } from './settings';

const MOST = 2000;

/** What a metric and its dimensions come to, found once: a call to a model tells the same eight metrics each time. */
export class KnownSeries {
  private readonly known = new Map<string, readonly EmfSeries[]>();
  private of: Settings | undefined;

  /** Undefined where a value is none that says all of itself as text: such are worked out each time. */
  public keyOf(id: string, values: readonly unknown[]): string | undefined {
    return values.every(isPlain) ? JSON.stringify([id, values]) : undefined;
  }

  public get(key: string | undefined): readonly EmfSeries[] | undefined {
    if (this.of !== settings()) {
      this.of = settings();
      this.known.clear();
    }
    return key === undefined ? undefined : this.known.get(key);
  }

  public remember(key: string | undefined, series: readonly EmfSeries[]): void {
    if (key === undefined) return;
    if (this.known.size >= MOST) this.known.clear();
    this.known.set(key, series);
  }
}

function isPlain(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'string' || typeof value === 'boolean'
    || (typeof value === 'number' && Number.isFinite(value));
}
