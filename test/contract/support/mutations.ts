import { Json, JsonObject } from './contract-files';

export interface Mutation {
  readonly kind: 'removed' | 'wrong type' | 'unknown key';
  /** JSON pointer to what was changed. */
  readonly pointer: string;
  readonly document: Json;
}

/** A blank cannot stand in any name of the contract, so that maps with free keys have to refuse it as well. */
const UNKNOWN_KEY = 'not a name';

/** Every document that differs from the given one by one removed key, one value of another type, or one unknown key. */
export function* mutations(document: JsonObject): Generator<Mutation> {
  for (const path of pathsOf(document)) {
    const pointer = path.map(part => `/${part}`).join('');
    const value = valueAt(document, path);
    for (const other of valuesOfOtherTypes(value)) {
      yield { kind: 'wrong type', pointer, document: replaced(document, path, other) };
    }
    if (isObject(value)) {
      yield { kind: 'unknown key', pointer, document: replaced(document, path, { ...value, [UNKNOWN_KEY]: 1 }) };
      for (const key of Object.keys(value)) {
        const { [key]: _removed, ...rest } = value;
        yield { kind: 'removed', pointer: `${pointer}/${key}`, document: replaced(document, path, rest) };
      }
    }
  }
}

function* pathsOf(value: Json, path: string[] = []): Generator<string[]> {
  yield path;
  if (value === null || typeof value !== 'object') return;
  for (const [key, inner] of Object.entries(value)) yield* pathsOf(inner, [...path, key]);
}

function valuesOfOtherTypes(value: Json): Json[] {
  const type = (json: Json) => (Array.isArray(json) ? 'array' : json === null ? 'null' : typeof json);
  return [null, 'text', 1.5, true, [], {}].filter(other => type(other) !== type(value));
}

function valueAt(document: Json, path: string[]): Json {
  return path.reduce((value, key) => (value as JsonObject)[key], document);
}

/** Of many cases one stands for all, where one is changed that one: the work would grow with their square. */
function replaced(document: JsonObject, path: string[], value: Json): Json {
  const { cases } = document;
  const [first, index, ...rest] = path;
  if (!Array.isArray(cases) || (first === 'cases' && index === undefined)) return replacedIn(document, path, value);
  if (first === 'cases') return { ...document, cases: [replacedIn(cases[Number(index)], rest, value)] };
  return replacedIn({ ...document, cases: cases.slice(0, 1) }, path, value);
}

function replacedIn(document: Json, path: string[], value: Json): Json {
  if (path.length === 0) return value;
  const [key, ...rest] = path;
  if (Array.isArray(document)) return document.map((item, index) => (String(index) === key ? replacedIn(item, rest, value) : item));
  return { ...(document as JsonObject), [key]: replacedIn((document as JsonObject)[key], rest, value) };
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
