import { UNKNOWN } from '../../../contract/iam/patterns';

/** A JSON object in a template. */
export type JsonRecord = Record<string, unknown>;

/** Beyond this many, further combinations of conditional parts are not looked at: no reader could either. */
const MOST_COMBINATIONS = 512;

/** What a `Ref` to a parameter may be, besides what the template shows. */
export type ParameterValues = (logicalId: string) => string[] | undefined;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The parts of a value or list, with every branch of every `Fn::If` in it. */
export function branches(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(branches);
  if (!isRecord(value)) return [value];
  if (Array.isArray(value['Fn::If'])) return value['Fn::If'].slice(1).flatMap(branches);
  return value.Ref === 'AWS::NoValue' ? [] : [value];
}

/** Every text that a value may become, with `UNKNOWN` in the place of what is known only at deployment. */
export function possibleTexts(value: unknown, parameterValues: ParameterValues = () => undefined): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  if (!isRecord(value)) return [UNKNOWN];
  const inner = (part: unknown): string[] => possibleTexts(part, parameterValues);
  const [[intrinsic, argument] = ['', undefined]] = Object.entries(value);
  switch (intrinsic) {
    case 'Fn::If': return branches(value).flatMap(inner);
    case 'Fn::Join': return joined(argument, inner);
    case 'Fn::Sub': return substituted(argument, inner);
    case 'Ref': return parameterValues(String(argument)) ?? [UNKNOWN];
    default: return [UNKNOWN];
  }
}

function joined(argument: unknown, inner: (part: unknown) => string[]): string[] {
  const [delimiter, parts] = argument as [string, unknown];
  if (!Array.isArray(parts)) return [UNKNOWN];
  return combinations(parts.map(inner)).map(texts => texts.join(delimiter));
}

function substituted(argument: unknown, inner: (part: unknown) => string[]): string[] {
  const [template, variables] = Array.isArray(argument) ? argument as [string, JsonRecord] : [String(argument), {}];
  const parts = template.split(/(\$\{[^}]+\})/);
  return combinations(parts.map(part => textsOfPart(part, variables, inner))).map(texts => texts.join(''));
}

function textsOfPart(part: string, variables: JsonRecord, inner: (part: unknown) => string[]): string[] {
  const [, literal, name] = /^\$\{(!?)([^}]+)\}$/.exec(part) ?? [];
  if (name === undefined) return [part];
  if (literal) return [`\${${name}}`];
  return inner(name in variables ? variables[name] : { Ref: name });
}

function combinations(parts: string[][]): string[][] {
  return parts.reduce<string[][]>((prefixes, texts) =>
    prefixes.flatMap(prefix => texts.map(text => [...prefix, text])).slice(0, MOST_COMBINATIONS), [[]]);
}
