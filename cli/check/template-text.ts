import { Document, isNode, Node, Pair, parseDocument, Scalar, visit, YAMLMap } from 'yaml';
import { CouldNotRun } from '../system/could-not-run';

/** Reads a template in JSON or YAML; the short forms of intrinsic functions become the long ones. */
export function parseTemplate(text: string, file: string): unknown {
  const content = text.replace(/^\uFEFF/, '');
  if (/^\s*\{/.test(content)) {
    try {
      return JSON.parse(content);
    } catch {
      // YAML takes JSON with comments and the like, and says where a text is wrong.
    }
  }
  return parseYaml(content, file);
}

function parseYaml(text: string, file: string): unknown {
  const document = parseDocument(text, { logLevel: 'silent', uniqueKeys: false, strict: false });
  const [error] = document.errors;
  if (error) throw new CouldNotRun(`${file} is neither JSON nor YAML: ${error.message.split('\n')[0]}`);
  writeOut(document);
  try {
    return document.toJS({ maxAliasCount: 10_000 });
  } catch (cause) {
    throw new CouldNotRun(`${file} cannot be read: ${(cause as Error).message}`);
  }
}

/** `!GetAtt Role.Arn` → `{ "Fn::GetAtt": ["Role", "Arn"] }`. */
function writeOut(document: Document): void {
  visit(document, (_key, node) => {
    if (!isNode(node) || !node.tag?.startsWith('!')) return undefined;
    const name = node.tag.slice(1);
    delete node.tag;
    const call = new YAMLMap();
    call.add(new Pair(new Scalar(longName(name)), argumentOf(name, node, document)));
    return call;
  });
}

function longName(name: string): string {
  return name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
}

function argumentOf(name: string, node: Node, document: Document): Node {
  if (name !== 'GetAtt' || !(node instanceof Scalar)) return node;
  const [resource, ...attribute] = String(node.value).split('.');
  return document.createNode([resource, attribute.join('.')]);
}

/** The line on which the definition of a resource begins; the first one where it is not found. */
export function lineOf(text: string, id: string): number {
  const resources = Math.max(0, text.search(/^\s*"?Resources"?\s*:/m));
  const name = id.replace(/[^A-Za-z0-9]/g, '\\$&');
  const found = new RegExp(`^[ \\t{]*["']?${name}["']?[ \\t]*:`, 'm').exec(text.slice(resources));
  return found ? text.slice(0, resources + found.index).split('\n').length : 1;
}
