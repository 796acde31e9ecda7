import { isMap, isScalar, isSeq, parseDocument, Scalar } from 'yaml';
import { textNode } from './json-text';
import { Layer, Node, TextNode } from './node';
import { CouldNotRun } from '../../system/could-not-run';

/** Reads a template in YAML with the place of everything in it; the short forms of intrinsic functions become the long ones. */
export function parseYaml(layer: Layer, file: string): Node {
  const document = parseDocument(layer.text, { logLevel: 'silent', uniqueKeys: false, strict: false });
  const [error] = document.errors;
  if (error) throw new CouldNotRun(`${file} is neither JSON nor YAML: ${error.message.split('\n')[0]}`);
  return nodeOf(document.contents, layer);
}

function nodeOf(node: unknown, layer: Layer): Node {
  const tag = (node as { tag?: string } | undefined)?.tag;
  const plain = plainNodeOf(node, layer);
  if (!tag?.startsWith('!') || tag === '!') return plain;
  const name = tag.slice(1);
  return { kind: 'record', at: plain.at, entries: [[name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`, plain]] };
}

function plainNodeOf(node: unknown, layer: Layer): Node {
  const at = (node as { range?: readonly number[] } | undefined)?.range?.[0] ?? 0;
  if (isMap(node)) {
    const entries = node.items.map(({ key, value }) => [String(isScalar(key) ? key.value : key), nodeOf(value, layer)] as const);
    return { kind: 'record', at, entries };
  }
  if (isSeq(node)) return { kind: 'list', at, items: node.items.map(item => nodeOf(item, layer)) };
  return isScalar(node) && typeof node.value === 'string' ? scalarNode(node as Scalar<string>, layer) : { kind: 'other', at };
}

function scalarNode(node: Scalar<string>, layer: Layer): TextNode {
  const [start, end] = node.range!;
  const written = layer.text.slice(start, end);
  if (node.type === Scalar.QUOTE_DOUBLE && isJson(written, node.value)) {
    return { ...textNode(layer, start, written), tryReplace: undefined };
  }
  let offsets: readonly number[] | undefined;
  const offsetsOf = (): readonly number[] => (offsets ??= alignment(node.value, written, node.type));
  return {
    kind: 'text',
    at: start,
    value: node.value,
    layer: {
      text: node.value,
      positionOf: offset => start + (offsetsOf()[offset] ?? 0),
      tryChange: (from, to, text) => {
        const [first, last] = [offsetsOf()[from], offsetsOf()[to - 1]];
        const asIs = first !== undefined && last !== undefined && written.slice(first, last + 1) === node.value.slice(from, to);
        const fits = node.type === Scalar.QUOTE_SINGLE ? !text.includes("'") : node.type !== Scalar.PLAIN || isPlain(text);
        return asIs && fits ? { start: start + first, end: start + last + 1, text } : undefined;
      },
    },
  };
}

function isJson(written: string, value: string): boolean {
  try {
    return JSON.parse(written) === value;
  } catch {
    return false;
  }
}

/** What stays text without quotes, wherever in a plain scalar it comes to stand. */
function isPlain(text: string): boolean {
  return /^[A-Za-z][\w./-]*$/.test(text) && !/^(y|n|yes|no|true|false|on|off|null)$/i.test(text);
}

/**
 * Where each character of a text stands in what was written. YAML's blocks and folds change white space only, so the other characters
 * are the same ones in the same order. Empty where they are not: then nothing is changed.
 */
function alignment(value: string, written: string, type: Scalar['type']): readonly number[] {
  const isBlock = type === Scalar.BLOCK_LITERAL || type === Scalar.BLOCK_FOLDED;
  let at = isBlock ? written.indexOf('\n') + 1 : 0;
  if (type === Scalar.QUOTE_SINGLE || type === Scalar.QUOTE_DOUBLE) at++;
  const offsets: number[] = [];
  for (const character of value) {
    if (/\S/.test(character)) {
      while (at < written.length && /\s/.test(written[at])) at++;
      if (!written.startsWith(character, at)) return [];
    }
    for (let unit = 0; unit < character.length; unit++) offsets.push(at + unit);
    if (/\S/.test(character)) at += character.length + (type === Scalar.QUOTE_SINGLE && character === "'" ? 1 : 0);
    else if (written[at] === character) at++;
  }
  return offsets;
}
