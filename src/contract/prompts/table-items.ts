/** A value of DynamoDB, as its API has it. */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly SS: readonly string[] }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: Readonly<Record<string, AttributeValue>> };

/** An item of a table, as the API has it. */
export type TableItem = Readonly<Record<string, AttributeValue>>;

/** The item with these members; one that is undefined is left out. */
export function itemOf(members: Readonly<Record<string, unknown>>): Record<string, AttributeValue> {
  const present = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, attributeOf(value)]));
}

/** The members of an item. A set of texts is a sorted list; anything the registry never writes is an error. */
export function membersOf(item: TableItem): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, valueOf(value, name)]));
}

function attributeOf(value: unknown): AttributeValue {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(attributeOf) };
  return { M: itemOf(value as Record<string, unknown>) };
}

function valueOf(value: AttributeValue, name: string): unknown {
  if ('S' in value) return value.S;
  if ('N' in value) return Number(value.N);
  if ('BOOL' in value) return value.BOOL;
  if ('NULL' in value) return null;
  if ('SS' in value) return [...value.SS].sort();
  if ('L' in value) return value.L.map(entry => valueOf(entry, name));
  if ('M' in value) return membersOf(value.M);
  throw new Error(`the attribute ${name} is of a type that the registry does not write: ${Object.keys(value).join(', ')}`);
}
