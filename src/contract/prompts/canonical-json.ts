/** What JSON has words for. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [name: string]: JsonValue | undefined };

/**
 * The canonical JSON of a value: one text for it, whatever the order of its members. Members that are undefined are left out.
 *
 * Refuses what two languages could write in two ways: half of a surrogate pair, NaN, and whole numbers beyond 2⁵³ − 1.
 * @see https://www.rfc-editor.org/rfc/rfc8785
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'string') return stringText(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  // JavaScript sorts by UTF-16 code units, as the RFC does.
  const names = Object.keys(value).filter(name => value[name] !== undefined).sort();
  return `{${names.map(name => `${stringText(name)}:${canonicalJson(value[name]!)}`).join(',')}}`;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function numberText(value: number): string {
  if (Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))) return JSON.stringify(value);
  throw new Error(`${value} has no canonical form: allowed are whole numbers up to 2⁵³ − 1, and fractions`);
}

function stringText(value: string): string {
  if (isWellFormed(value)) return JSON.stringify(value);
  throw new Error(`${JSON.stringify(value.slice(0, 40))} holds half of a surrogate pair, which is no text in UTF-8`);
}

const HALF_PAIR = /\p{Surrogate}/u;

/** Whether a text holds no half of a surrogate pair. Newer engines tell it many times faster than a pattern does. */
export function isWellFormed(text: string): boolean {
  return (text as { isWellFormed?(): boolean }).isWellFormed?.() ?? !HALF_PAIR.test(text);
}

export function isObject(value: unknown): value is Readonly<Record<string, JsonValue | undefined>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
