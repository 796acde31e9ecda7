/** A JSON object in a template. */
export type JsonRecord = Record<string, unknown>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object under a name of another one; an empty one when there is none. */
export function section(content: unknown, name: string): JsonRecord {
  const found = isRecord(content) ? content[name] : undefined;
  return isRecord(found) ? found : {};
}

/** The name and the argument of an intrinsic function; undefined for any other value. */
export function intrinsicOf(value: unknown): [string, unknown] | undefined {
  if (!isRecord(value)) return undefined;
  const [entry, ...others] = Object.entries(value);
  return entry && others.length === 0 && (entry[0] === 'Ref' || entry[0].startsWith('Fn::')) ? entry : undefined;
}

/** The resource and the attribute that `Fn::GetAtt` names, in either of its forms. */
export function attributeOf(argument: unknown): [string, string] {
  if (Array.isArray(argument)) return [String(argument[0]), String(argument[1])];
  const [id, ...attribute] = String(argument).split('.');
  return [id, attribute.join('.')];
}

/** The text of `Fn::Sub` in parts: `{ literal }`, or the `{ name }` of what is put in. */
export function partsOfSub(template: string): ({ readonly literal: string } | { readonly name: string })[] {
  return template.split(/(\$\{[^}]+\})/).map(part => {
    const [, escaped, name] = /^\$\{(!?)([^}]+)\}$/.exec(part) ?? [];
    if (name === undefined) return { literal: part };
    return escaped ? { literal: `\${${name}}` } : { name: name.trim() };
  });
}

/** The text and the variables of `Fn::Sub`, in either of its forms. */
export function argumentsOfSub(argument: unknown): [string, JsonRecord] {
  const [template, variables] = Array.isArray(argument) ? argument as unknown[] : [argument];
  return [String(template), isRecord(variables) ? variables : {}];
}

/** The intrinsic that a name in `Fn::Sub` stands for. */
export function referenceOfName(name: string, variables: JsonRecord): unknown {
  if (Object.hasOwn(variables, name)) return variables[name];
  return name.includes('.') ? { 'Fn::GetAtt': name } : { Ref: name };
}
