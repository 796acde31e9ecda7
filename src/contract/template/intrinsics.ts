import { argumentsOfSub, attributeOf, intrinsicOf, isRecord, partsOfSub, referenceOfName } from './template-values';
import { UNKNOWN } from '../iam/patterns';

/** Beyond this many, further combinations of conditional parts are not looked at: no reader could either. */
const MOST_COMBINATIONS = 2048;

/** What the names in one template stand for, as far as the app shows it: texts, or lists of texts. Undefined: known only at deployment. */
export interface Names {
  readonly referenced: (id: string) => unknown[] | undefined;
  readonly attribute: (id: string, attribute: string) => unknown[] | undefined;
  readonly imported: (name: unknown) => unknown[] | undefined;
  readonly mapping: (name: string) => unknown;
}

type Intrinsic = (argument: unknown, names: Names) => unknown[];

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  'Ref': (argument, names) => {
    const id = String(argument);
    if (id.startsWith('AWS::')) return id === 'AWS::NoValue' ? [] : [UNKNOWN];
    return names.referenced(id) ?? [UNKNOWN];
  },
  'Fn::GetAtt': (argument, names) => names.attribute(...attributeOf(argument)) ?? [UNKNOWN],
  'Fn::ImportValue': (argument, names) => names.imported(argument) ?? [UNKNOWN],
  'Fn::If': (argument, names) => listOf(argument).slice(1).flatMap(branch => alternatives(branch, names)),
  'Fn::Join': joined,
  'Fn::Sub': substituted,
  'Fn::Split': split,
  'Fn::Select': selected,
  'Fn::FindInMap': foundInMap,
  'Fn::ToJsonString': (argument, names) => wholeValues(argument, names).map(value => JSON.stringify(value)),
};

/** The intrinsics of which every value can be told. */
export const RESOLVED_INTRINSICS: readonly string[] = Object.keys(INTRINSICS);

/**
 * Every value that an expression of a template may become. What is known only at deployment is `UNKNOWN`; the parts of a
 * list or an object stay expressions.
 */
export function alternatives(value: unknown, names: Names): unknown[] {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') return [withoutDynamicReferences(value)];
  const [intrinsic, argument] = intrinsicOf(value) ?? [];
  if (intrinsic === undefined) return [value];
  return INTRINSICS[intrinsic]?.(argument, names) ?? [UNKNOWN];
}

/** The parts of a list or of a single value, with every branch of every condition. */
export function items(value: unknown, names: Names): unknown[] {
  if (typeof value === 'string') return [withoutDynamicReferences(value)];
  if (Array.isArray(value)) return value.flatMap(part => items(part, names));
  return alternatives(value, names).flatMap(found => Array.isArray(found) ? items(found, names) : [found]);
}

/** Every text that a value, or a part of a list, may become. */
export function texts(value: unknown, names: Names): string[] {
  const found = items(value, names).map(item => isRecord(item) ? UNKNOWN : String(item));
  return found.length > 1 ? [...new Set(found)] : found;
}

/** A value with all its parts resolved, in every combination. */
function wholeValues(value: unknown, names: Names): unknown[] {
  return alternatives(value, names).flatMap(found => {
    if (Array.isArray(found)) return combinations(found.map(part => wholeValues(part, names)));
    if (!isRecord(found)) return [found];
    const entries = Object.entries(found).map(([key, part]) => wholeValues(part, names).map(whole => [key, whole] as const));
    return combinations(entries).map(chosen => Object.fromEntries(chosen));
  });
}

/** `{{resolve:…}}` is filled in at deployment. */
function withoutDynamicReferences(text: string): string {
  return text.includes('{{resolve:') ? text.replace(/\{\{resolve:[^}]*\}\}/g, UNKNOWN) : text;
}

function joined(argument: unknown, names: Names): unknown[] {
  const [delimiter, list] = listOf(argument);
  return listsOf(list, names)
    .flatMap(parts => combinations(parts.map(part => texts(part, names))))
    .map(parts => parts.join(String(delimiter)));
}

function substituted(argument: unknown, names: Names): unknown[] {
  const [template, variables] = argumentsOfSub(argument);
  const parts = partsOfSub(template).map(part => texts('literal' in part ? part.literal : referenceOfName(part.name, variables), names));
  return combinations(parts).map(found => found.join(''));
}

function split(argument: unknown, names: Names): unknown[] {
  const [delimiter, source] = listOf(argument);
  return texts(source, names).map(text => text.split(String(delimiter)));
}

function selected(argument: unknown, names: Names): unknown[] {
  const [index, list] = listOf(argument);
  return listsOf(list, names).flatMap(parts => texts(index, names).flatMap(position => {
    const chosen = position === UNKNOWN ? parts : parts.slice(Number(position), Number(position) + 1);
    return chosen.length > 0 ? chosen.flatMap(part => alternatives(part, names)) : [UNKNOWN];
  }));
}

function foundInMap(argument: unknown, names: Names): unknown[] {
  const [map, first, second, options] = listOf(argument);
  const keys = [texts(first, names), texts(second, names)];
  const found = texts(map, names)
    .flatMap(name => keys.reduce<unknown[]>((values, wanted) => values.flatMap(value => entriesOf(value, wanted)), [names.mapping(name)]))
    .flatMap(value => alternatives(value, names));
  const mayMiss = found.length === 0 || keys.flat().some(isUnknown);
  const fallback = mayMiss && isRecord(options) ? alternatives(options.DefaultValue, names) : [];
  return found.length + fallback.length > 0 ? [...found, ...fallback] : [UNKNOWN];
}

/** The entries under these keys; all of them for a key that is known only at deployment. */
function entriesOf(value: unknown, keys: string[]): unknown[] {
  if (!isRecord(value)) return [];
  return keys.some(isUnknown) ? Object.values(value) : keys.filter(key => Object.hasOwn(value, key)).map(key => value[key]);
}

function listsOf(value: unknown, names: Names): unknown[][] {
  return alternatives(value, names).map(found => Array.isArray(found) ? found as unknown[] : [found]);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value as unknown[] : [value];
}

const isUnknown = (text: string): boolean => text.includes(UNKNOWN);

/** One of each part, in every combination; parts that may be nothing at all are left out. */
function combinations<T>(parts: T[][]): T[][] {
  const present = parts.filter(choices => choices.length > 0);
  if (present.every(choices => choices.length === 1)) return [present.map(([only]) => only)];
  return present.reduce<T[][]>((starts, choices) =>
    starts.flatMap(start => choices.map(choice => [...start, choice])).slice(0, MOST_COMBINATIONS), [[]]);
}
