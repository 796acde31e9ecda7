type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const ABSENT = Symbol('absent');

/**
 * What differs between two templates, one line a difference, as JSON pointers. Hashes of assets are left aside: they tell
 * where the same code was zipped, and names derived from them follow.
 */
export function templateDifferences(left: string, right: string): string[] {
  return differences(JSON.parse(withoutAssetHashes(left)), JSON.parse(withoutAssetHashes(right)), '');
}

function withoutAssetHashes(template: string): string {
  return template.replace(/\b[0-9a-f]{64}\b/g, '<hash>');
}

function differences(left: Json | typeof ABSENT, right: Json | typeof ABSENT, pointer: string): string[] {
  if (left === right) return [];
  if (isContainer(left) && isContainer(right) && Array.isArray(left) === Array.isArray(right)) {
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    return keys.flatMap(key => differences(at(left, key), at(right, key), `${pointer}/${key}`));
  }
  return [`${pointer || '/'}: ${shown(left)} ≠ ${shown(right)}`];
}

type Container = Json[] | { [key: string]: Json };

const isContainer = (value: Json | typeof ABSENT): value is Container => typeof value === 'object' && value !== null;
const at = (value: Container, key: string): Json | typeof ABSENT =>
  Object.hasOwn(value, key) ? (value as { [key: string]: Json })[key] : ABSENT;
const shown = (value: Json | typeof ABSENT): string => (value === ABSENT ? 'absent' : JSON.stringify(value).slice(0, 200));
