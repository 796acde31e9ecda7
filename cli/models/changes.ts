import { AccountModel, RegionModels } from '../../src/contract/models-file';

/** What differs between two answers of a Region. */
export interface RegionChange {
  readonly what: 'added' | 'removed' | 'changed';
  /** The id of a model or of an inference profile, or `account`. */
  readonly id: string;
  /** What it was, and what it is. */
  readonly from?: string;
  readonly to?: string;
}

/** What an account says now that it did not say before. That it was asked on another day is no change. */
export function findChanges(before: RegionModels | undefined, now: RegionModels): RegionChange[] {
  const { account, models, profiles } = before ?? { account: now.account, models: {}, profiles: {} };
  return [
    ...account === now.account ? [] : [{ what: 'changed' as const, id: 'account', from: account, to: now.account }],
    ...changesOf(models, now.models, modelText),
    ...changesOf(profiles, now.profiles, regions => [...regions].sort().join(', ') || 'no Region'),
  ];
}

function changesOf<T>(
  before: Readonly<Record<string, T>>, now: Readonly<Record<string, T>>, shown: (value: T) => string,
): RegionChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].sort().flatMap((id): RegionChange[] => {
    if (!Object.hasOwn(before, id)) return [{ what: 'added', id, to: shown(now[id]) }];
    if (!Object.hasOwn(now, id)) return [{ what: 'removed', id, from: shown(before[id]) }];
    const [from, to] = [shown(before[id]), shown(now[id])];
    return from === to ? [] : [{ what: 'changed', id, from, to }];
  });
}

function modelText({ status, legacy, extendedAccess, endOfLife }: AccountModel): string {
  const dates = [['legacy on', legacy], ['extended access on', extendedAccess], ['end of life on', endOfLife]];
  return [status, ...dates.filter(([, date]) => date !== undefined).map(date => date.join(' '))].join(', ');
}
