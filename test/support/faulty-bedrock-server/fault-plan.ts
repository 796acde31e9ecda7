import { FAULTS } from './faults';

/** What one path has been asked to do, call by call. */
export class FaultPlans {
  private readonly given = new Map<string, number>();
  private standing: readonly string[] = ['ok'];

  /** For requests whose path and headers name no fault. The last one stays. */
  public setStanding(names: readonly string[]): void {
    this.standing = known(names.join(','));
    this.given.delete('');
  }

  /**
   * `throttle` is one fault, `throttle,throttle,ok` one a request and then the last one for ever. After `@` stands any word that keeps
   * the count of one case apart from others: `throttle,ok@case-7`.
   */
  public next(plan: string | undefined): string {
    const names = plan === undefined ? this.standing : known(plan.split('@', 1)[0]);
    const key = plan ?? '';
    const count = this.given.get(key) ?? 0;
    this.given.set(key, count + 1);
    return names[Math.min(count, names.length - 1)];
  }

  public reset(): void {
    this.given.clear();
    this.standing = ['ok'];
  }
}

function known(list: string): string[] {
  const names = list.split(',').map(name => name.trim()).filter(name => name !== '');
  const unknown = names.filter(name => !Object.hasOwn(FAULTS, name));
  if (unknown.length > 0 || names.length === 0) {
    throw new RangeError(`unknown fault "${unknown[0] ?? ''}"; known: ${Object.keys(FAULTS).join(', ')}`);
  }
  return names;
}
