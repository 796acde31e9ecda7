import { visitExpression } from './expression';
import { Visit, visitPair } from './visit';
import { tryLayerOf } from '../text/joined-text';
import { entriesOf, itemsOf, Layer, member, Node } from '../text/node';

/** How a format writes what belongs to a metric. */
export interface Spelling {
  readonly namespace: string;
  readonly name: string;
  readonly expression: string;
}

export const CLOUDFORMATION: Spelling = { namespace: 'Namespace', name: 'MetricName', expression: 'Expression' };
export const TERRAFORM: Spelling = { namespace: 'namespace', name: 'metric_name', expression: 'expression' };

/** Renames wherever a namespace and a name stand side by side, and in metric math: an alarm has both in several depths. */
export function visitAlarm(visit: Visit, node: Node, path: string, spelling: Spelling): void {
  const namespace = layerOf(member(node, spelling.namespace));
  const name = layerOf(member(node, spelling.name));
  if (namespace && name) visitPair(visit, path, namespace, name);
  const expression = tryLayerOf(member(node, spelling.expression));
  if (expression) visitExpression(visit, expression, `${path}.${spelling.expression}`);
  for (const [key, value] of entriesOf(node)) visitAlarm(visit, value, `${path}.${key}`, spelling);
  for (const [index, item] of itemsOf(node).entries()) visitAlarm(visit, item, `${path}[${index}]`, spelling);
}

/** What no text is, as a `Ref`, is known at deployment only. */
function layerOf(node: Node | undefined): Layer | undefined {
  return tryLayerOf(node) ?? (node && { text: '\ue000', positionOf: () => node.at, tryChange: () => undefined });
}
