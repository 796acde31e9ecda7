import { FIRST_PLACEHOLDER, LAST_PLACEHOLDER } from './json-text';
import { entriesOf, itemsOf, Layer, member, Node, textOf } from './node';

/** A text that a template puts together; undefined for anything else. What only the deployment knows is one character each. */
export function tryLayerOf(node: Node | undefined): Layer | undefined {
  if (node?.kind === 'text') return node.layer;
  const [intrinsic, ...others] = entriesOf(node);
  if (!intrinsic || others.length > 0) return undefined;
  const [name, argument] = intrinsic;
  if (name === 'Fn::Sub') return tryLayerOf(argument.kind === 'list' ? argument.items[0] : argument);
  if (name !== 'Fn::Join') return undefined;
  const delimiter = textOf(itemsOf(argument)[0]);
  const parts = itemsOf(argument)[1];
  return delimiter !== undefined && parts?.kind === 'list' ? joined(delimiter, parts.items) : undefined;
}

/** Whether a text holds what only a deployment, or Terraform, knows. */
export function isComputed(text: string): boolean {
  return /\$\{|[\ue000-\uf8ff]/.test(text);
}

interface Piece {
  readonly start: number;
  readonly layer: Layer;
}

function joined(delimiter: string, parts: readonly Node[]): Layer {
  const placeholders = new Map<string, string>();
  const pieces: Piece[] = [];
  let text = '';
  for (const [index, part] of parts.entries()) {
    if (index > 0) text += delimiter;
    pieces.push({ start: text.length, layer: part.kind === 'text' ? part.layer : unknown(placeholderOf(part, placeholders), part.at) });
    text += pieces[index].layer.text;
  }
  const pieceAt = (offset: number): Piece | undefined => pieces[lastStartingUpTo(pieces, offset)];
  return {
    text,
    positionOf: offset => {
      const piece = pieceAt(offset);
      return piece ? piece.layer.positionOf(Math.min(offset - piece.start, piece.layer.text.length)) : 0;
    },
    tryChange: (from, to, replacement) => {
      const piece = pieceAt(from);
      if (!piece || to > piece.start + piece.layer.text.length) return undefined;
      return piece.layer.tryChange(from - piece.start, to - piece.start, replacement);
    },
  };
}

/** The same one for the same value, so that two equal namespaces are seen to be equal. */
function placeholderOf(node: Node, known: Map<string, string>): string {
  const key = JSON.stringify(shapeOf(node));
  const code = Math.min(FIRST_PLACEHOLDER + known.size, LAST_PLACEHOLDER);
  const placeholder = known.get(key) ?? String.fromCharCode(code);
  known.set(key, placeholder);
  return placeholder;
}

function shapeOf(node: Node): unknown {
  if (node.kind === 'record') return node.entries.map(([name, value]) => [name, shapeOf(value)]);
  if (node.kind === 'list') return node.items.map(shapeOf);
  return node.kind === 'text' ? node.value : node.at;
}

function unknown(text: string, at: number): Layer {
  return { text, positionOf: () => at, tryChange: () => undefined };
}

function lastStartingUpTo(pieces: readonly Piece[], offset: number): number {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (pieces[middle].start <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Both branches of an `Fn::If`, however deep; else the value itself. */
export function branchesOf(node: Node | undefined): Node[] {
  const condition = entriesOf(node).length === 1 ? member(node, 'Fn::If') : undefined;
  if (condition?.kind === 'list') return condition.items.slice(1).flatMap(branchesOf);
  return node ? [node] : [];
}
