import { MetricName, shown, Visit } from './visit';
import { isComputed } from '../text/joined-text';
import { Layer } from '../text/node';

type Span = readonly [number, number];

/** A word of a search, and what it is said of: `MetricName`, `Namespace`, a dimension; nothing for a free term. */
interface Term {
  readonly of: string;
  readonly value: string;
  readonly isQuoted: boolean;
  readonly isNegated: boolean;
  readonly span: Span;
}

const TOKEN = /"((?:[^"\\]|\\.)*)"|([:\w.]+)\s*=\s*|[()]|[^\s"()=]+/g;
const OPERATOR = /^(AND|OR|NOT)$/;
/** A word that needs no quotes in a schema; AWS writes its own namespaces so. */
const BARE = /^[A-Za-z0-9/]+$/;

/**
 * Renames in a search: `{namespace, dimension} MetricName="x"`. A search reads one namespace, so all its metrics have to move together.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
export function visitSearch(visit: Visit, layer: Layer, path: string, [start, end]: Span = [0, layer.text.length]): void {
  const text = layer.text.slice(start, end);
  const terms = termsOf(text, start);
  const { renames } = visit;
  const leave = (why: string): void => visit.leave(path, layer.positionOf(start), `${why}: ${shown(text)}`);
  const namespaces = terms.filter(({ of }) => of === 'Namespace');
  const names = terms.filter(({ of }) => of === 'MetricName');
  const isNamed = terms.some(({ value }) => renames.hasName(value));
  const mayBeAny = namespaces.length === 0 || namespaces.some(({ value }) => isComputed(value));
  const isConcerned = namespaces.some(({ value }) => renames.hasNamespace(value)) || mayBeAny && isNamed;
  if (!isConcerned) return;
  if ([...names, ...namespaces].some(({ value }) => isComputed(value))) return leave('a name that only the deployment knows');
  const [namespace, ...others] = new Set(namespaces.map(({ value }) => value));
  if (namespace === undefined) return leave('the search names no namespace');
  if (names.every(({ isNegated }) => isNegated)) return leave('the search names no metric: it takes what it finds in the namespace');
  if (others.length > 0) {
    const pairs = [namespace, ...others].flatMap(each => names.map(({ value }) => ({ namespace: each, name: value })));
    if (!pairs.some(pair => renames.tryRenamed(pair))) return;
    return leave('the search reads several namespaces');
  }
  const targets = names.map(({ value }): MetricName => renames.tryRenamed({ namespace, name: value }) ?? { namespace, name: value });
  if (new Set(targets.map(target => target.namespace)).size > 1) {
    return leave(`its metrics part: ${targets.map(to => `${to.namespace} ${to.name}`).join(', ')}. Write one search for each namespace`);
  }
  const isPartial = targets.some(({ name }, index) => !names[index].isQuoted && !BARE.test(name));
  if (isPartial) return leave('a part of a name cannot become a whole one');
  for (const each of namespaces) visit.change(layer, path, written(targets[0].namespace, each, layer), each.span);
  for (const [index, each] of names.entries()) visit.change(layer, path, written(targets[index].name, each, layer), each.span);
}

function written(name: string, { value, isQuoted, span: [start, end] }: Term, layer: Layer): string {
  const quote = isQuoted ? layer.text[start] : '"';
  const isNeeded = !BARE.test(name);
  const staysQuoted = isQuoted && (isNeeded || BARE.test(value) || layer.text[end] !== ',' && layer.text[end] !== '}');
  return staysQuoted || isNeeded ? `${quote}${name.replace(/["\\]/g, '\\$&')}${quote}` : name;
}

function termsOf(text: string, offset: number): Term[] {
  const schema = /^\s*\{([^}]*)\}/.exec(text);
  const terms: Term[] = [];
  if (schema) {
    const from = schema[0].indexOf('{') + 1;
    const first = /^\s*("(?:[^"\\]|\\.)*"|[^,"]*[^,"\s])/.exec(schema[1]);
    if (first) terms.push(term('Namespace', first[1], offset + from + first[0].length - first[1].length));
  }
  return [...terms, ...freeTerms(text, schema?.[0].length ?? 0, offset)];
}

/** `MetricName=("a" OR "b")`: what stands in brackets is said of the same thing. */
function freeTerms(text: string, from: number, offset: number): Term[] {
  const terms: Term[] = [];
  let of = '';
  let isNegated = false;
  let depth = 0;
  for (const found of text.matchAll(TOKEN)) {
    if (found.index < from) continue;
    const [word, , designator] = found;
    if (designator !== undefined) {
      of = designator;
      depth = 0;
    } else if (word === '(') {
      depth += of === '' ? 0 : 1;
    } else if (word === ')') {
      depth = Math.max(0, depth - 1);
      if (depth === 0) of = '';
    } else if (OPERATOR.test(word)) {
      if (depth === 0) isNegated = word === 'NOT';
    } else {
      terms.push({ ...term(of, word, offset + found.index), isNegated });
      if (depth === 0) of = '';
    }
  }
  return terms;
}

function term(of: string, word: string, start: number): Term {
  const isQuoted = word.startsWith('"');
  const value = isQuoted ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word;
  return { of, value, isQuoted, isNegated: false, span: [start, start + word.length] };
}
