import { visitQuery } from './insights-query';
import { visitSearch } from './search-expression';
import { shown, Visit } from './visit';
import { Layer } from '../text/node';

const QUERY = /^\s*SELECT\b/i;
const SEARCH = /\bSEARCH\s*\(\s*(['"])/gi;

/** Renames in metric math: in every `SEARCH(…)`, and in a query of Metrics Insights. The rest of it speaks of ids alone. */
export function visitExpression(visit: Visit, layer: Layer, path: string): void {
  if (QUERY.test(layer.text)) return visitQuery(visit, layer, path);
  let read = 0;
  let others = '';
  for (const found of layer.text.matchAll(SEARCH)) {
    const start = found.index + found[0].length;
    if (start < read) continue;
    const end = layer.text.indexOf(found[1], start);
    if (end < 0) break;
    visitSearch(visit, layer, path, [start, end]);
    others += layer.text.slice(read, start);
    read = end;
  }
  if (visit.renames.takesAll) return;
  const rest = others + layer.text.slice(read);
  const word = rest.match(/[\w./-]+/g)?.find(found => visit.renames.hasNamespace(found));
  if (word) visit.leave(path, layer.positionOf(0), `an expression that cannot be read speaks of "${word}": ${shown(layer.text)}`);
}
