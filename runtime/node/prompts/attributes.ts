import type { JsonValue } from '../../../src/contract/prompts/canonical-json';

/** A value as DynamoDB has it. */
export type Attribute = Readonly<Record<string, unknown>>;

/** An item as DynamoDB has it. */
export type Attributes = Readonly<Record<string, Attribute>>;

type JsonObject = Readonly<Record<string, JsonValue>>;

/** The values of an item. Errors: a kind of value that no statement of the registry has, such as a set or bytes. */
export function valuesOf(attributes: Attributes): JsonObject {
  // Not by assignment: a member may be called __proto__.
  return Object.fromEntries(Object.entries(attributes).map(([name, attribute]) => [name, valueOf(attribute)]));
}

function valueOf(attribute: Attribute): JsonValue {
  const members = Object.entries(Object(attribute) as Attribute).filter(([, found]) => found !== undefined);
  const [[kind, value] = ['nothing', undefined], ...others] = members;
  const convert = others.length === 0 && Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (!convert) throw new TypeError(`an attribute of the kind ${kind.slice(0, 20)}`);
  return convert(value);
}

const KINDS: Readonly<Record<string, (value: unknown) => JsonValue>> = {
  S: value => typed('string', value),
  N: value => Number(typed('string', value)),
  BOOL: value => typed('boolean', value),
  NULL: () => null,
  L: value => (value as readonly Attribute[]).map(valueOf),
  M: value => valuesOf(value as Attributes),
};

function typed<T extends 'string' | 'boolean'>(type: T, value: unknown): T extends 'string' ? string : boolean {
  if (typeof value !== type) throw new TypeError(`an attribute that is no ${type}`);
  return value as T extends 'string' ? string : boolean;
}
