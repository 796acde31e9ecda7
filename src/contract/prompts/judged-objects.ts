import { Place, tryObjectPlace } from './registry-places';

/** A version of an object, as S3 lists it. */
export interface ObjectVersion {
  readonly key: string;
  readonly versionId: string;
  readonly isLatest: boolean;
  readonly isDeleteMarker: boolean;
  readonly bytes: number;
}

/** What is wrong with an object that is written once. */
export interface ObjectFault {
  readonly code: 'overwritten' | 'deleted';
  /** As a sentence without its full stop. */
  readonly message: string;
  readonly key: string;
  readonly place: Place;
}

/**
 * The objects of a registry that were written more than once, or hidden by a delete marker: no command does either. Object Lock keeps what
 * was there; whoever reads the latest version gets something else.
 *
 * @param versions all versions of each key; those of keys that no command writes are not looked at
 */
export function findOverwritten(versions: readonly ObjectVersion[]): ObjectFault[] {
  const byKey = new Map<string, ObjectVersion[]>();
  for (const version of versions) byKey.set(version.key, [...byKey.get(version.key) ?? [], version]);
  return [...byKey].flatMap(([key, all]): ObjectFault[] => {
    const place = tryObjectPlace(key);
    if (!place) return [];
    const isDeleted = all.some(({ isDeleteMarker }) => isDeleteMarker);
    if (isDeleted) return [{ code: 'deleted', message: `${key} was deleted`, key, place }];
    return all.length > 1 ? [{ code: 'overwritten', message: `${key} was written ${all.length} times`, key, place }] : [];
  });
}
