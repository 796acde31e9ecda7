import { Document, isNode, Node, Pair, parseDocument, Scalar, visit, YAMLMap, YAMLParseError } from 'yaml';
import { CouldNotRun } from '../system/could-not-run';

const YAML = { logLevel: 'silent', uniqueKeys: false, strict: false } as const;
const CUT_OFF = /^Missing closing|must be sufficiently indented/;
const MAX_INDENTED = 100;
const INDENT = ' '.repeat(100);

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
  const document = readYaml(text);
  const [error] = document.errors;
  if (error) throw new CouldNotRun(`${file} is neither JSON nor YAML: ${error.message.split('\n')[0]}`);
  writeOut(document);
  try {
    return document.toJS({ maxAliasCount: 10_000 });
  } catch (cause) {
    throw new CouldNotRun(`${file} cannot be read: ${(cause as Error).message}`);
  }
}

/**
 * YAML wants what is quoted or in brackets further in than its key to the last line. CloudFormation takes `}'` and `]` below the key
 * too, and public templates have them there: such lines are put further in, which changes no value, until the text is read.
 */
function readYaml(text: string): Document {
  const first = parseDocument(text, YAML);
  let [document, indented] = [first, text];
  for (let tries = 0; tries < MAX_INDENTED && document.errors.length > 0; tries++) {
    const further = withIndent(indented, document.errors[0]);
    if (further === undefined) return first;
    indented = further;
    document = parseDocument(indented, YAML);
  }
  return document.errors.length > 0 ? first : document;
}

/** The text with the line indented at which something quoted or in brackets was cut off; undefined where another fault is. */
function withIndent(text: string, { message, pos: [end] }: YAMLParseError): string | undefined {
  if (!CUT_OFF.test(message)) return undefined;
  const isAtEnd = /[\r\n]/.test(text[end] ?? '');
  const start = isAtEnd ? text.indexOf('\n', end) + 1 : text.lastIndexOf('\n', end - 1) + 1;
  const line = text.slice(start);
  return line.trim() === '' || line.startsWith(INDENT) ? undefined : `${text.slice(0, start)}${INDENT}${line}`;
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
