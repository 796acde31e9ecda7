import { types } from 'node:util';

/** A property of something that was thrown; undefined when there is none, or when reading it fails. */
export function read(thrown: unknown, property: string): unknown {
  if (!isObject(thrown)) return undefined;
  try {
    return (thrown as Record<string, unknown>)[property];
  } catch {
    return undefined;
  }
}

/** The first elements of a list; none of what is no list, or cannot be read. */
export function readList(list: unknown, most: number): unknown[] {
  try {
    return Array.isArray(list) ? Array.from({ length: Math.min(most, list.length) }, (_, index) => read(list, String(index))) : [];
  } catch {
    return [];
  }
}

/** Whether a value is an error, of whatever realm; a proxy that refuses to be looked at is none. */
export function isError(value: unknown): value is Error {
  try {
    return value instanceof Error || types.isNativeError(value);
  } catch {
    return false;
  }
}

export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
