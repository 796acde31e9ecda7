import { shown, Visit } from './visit';
import { isComputed } from '../text/joined-text';
import { Layer } from '../text/node';

const NAME = String.raw`"(?:[^"\\]|\\.)*"|[^\s"(),]+`;
/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html */
const QUERY = new RegExp(String.raw`^\s*SELECT\s+\w+\s*\(\s*(${NAME})\s*\)\s+FROM\s+(?:SCHEMA\s*\(\s*)?(${NAME})(?=[\s,)]|$)`, 'id');
const BARE = /^[A-Za-z_]\w*$/;

/** Renames in a query of Metrics Insights: `SELECT AVG(CPUUtilization) FROM SCHEMA("AWS/EC2", InstanceId) …`. */
export function visitQuery(visit: Visit, layer: Layer, path: string): void {
  const found = QUERY.exec(layer.text);
  const places = found?.indices;
  if (!found || !places) {
    const word = layer.text.match(/[\w./-]+/g)?.find(part => visit.renames.hasNamespace(part) || visit.renames.hasName(part));
    if (word) visit.leave(path, layer.positionOf(0), `a query that cannot be read speaks of "${word}": ${shown(layer.text)}`);
    return;
  }
  const [name, namespace] = [bare(found[1]), bare(found[2])];
  if (isComputed(name) || isComputed(namespace)) {
    const isConcerned = visit.renames.hasName(name) || visit.renames.hasNamespace(namespace);
    if (isConcerned) visit.leave(path, layer.positionOf(0), `a name that only the deployment knows: ${shown(layer.text)}`);
    return;
  }
  const to = visit.renames.tryRenamed({ namespace, name });
  if (!to) return;
  visit.change(layer, path, written(to.name, found[1]), places[1]);
  visit.change(layer, path, found[2].startsWith('"') ? quoted(to.namespace) : written(to.namespace, found[2]), places[2]);
}

function bare(word: string): string {
  return word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word;
}

/** Quotes stay, but for those that only the old name needed. Around a namespace nearly everybody writes them. */
function written(name: string, old: string): string {
  const stays = old.startsWith('"') && BARE.test(bare(old));
  return BARE.test(name) && !stays ? name : quoted(name);
}

function quoted(name: string): string {
  return `"${name.replace(/["\\]/g, '\\$&')}"`;
}
