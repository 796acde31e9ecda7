import { Document, isMap, isScalar, Node, Pair, visit } from 'yaml';

const LONG = /^(Ref|Condition|Fn::(\w+))$/;

/** A template as YAML, its intrinsic functions in their short forms wherever they have one. */
export function shortYaml(content: unknown): string {
  const document = new Document(content);
  visit(document, {
    Map: (_key, node) => {
      const [pair] = node.items as Pair<Node, Node>[];
      const [, name, fn] = (node.items.length === 1 && isScalar(pair.key) && LONG.exec(String(pair.key.value))) || [];
      if (!name || name === 'Condition' || isShort(pair.value) || isMap(pair.value) || fn === 'Transform') return undefined;
      pair.value!.tag = `!${fn ?? name}`;
      return pair.value!;
    },
  });
  return document.toString();
}

/** YAML has no two tags for one value: of two functions in each other the inner one stays long. */
function isShort(node: Node | null): boolean {
  return node === null || node.tag !== undefined && node.tag.startsWith('!');
}
