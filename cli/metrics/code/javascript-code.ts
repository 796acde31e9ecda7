import type * as babel from '@babel/parser';
import { CallValue, Code, RecordValue, Value } from './code-value';

/** A node of Babel's tree, as much as is read of it. */
interface Ast {
  readonly type: string;
  readonly start: number;
  readonly [member: string]: unknown;
}

/** What only wraps an expression. */
const WRAPPERS = new Set([
  'TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression', 'TSTypeAssertion', 'ParenthesizedExpression', 'AwaitExpression',
]);
const CALLS = new Set(['CallExpression', 'OptionalCallExpression', 'NewExpression']);

/**
 * Reads TypeScript and JavaScript, JSX included.
 *
 * Babel's parser, and no tokenizer of ours: regular expressions, JSX and types cannot be told apart from code without a grammar. It is
 * one file without dependencies, and is run by the first file that speaks of metrics; `typescript` would be 9 MB in the bundle.
 *
 * Throws a SyntaxError where the text is none of them.
 */
export function readJavascript(text: string, file: string): Code {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would run it with every command
  const { parse } = require('@babel/parser') as typeof babel;
  const isTypescript = /\.[cm]?tsx?$/.test(file);
  const tree = parse(text, {
    sourceType: 'unambiguous',
    errorRecovery: true,
    allowReturnOutsideFunction: true,
    plugins: [
      ...isTypescript ? ['typescript' as const] : ['flow' as const],
      ...file.endsWith('.ts') || /\.[cm]ts$/.test(file) ? [] : ['jsx' as const],
      'decorators',
    ],
  });
  return new Reader().read(tree.program as unknown as Ast);
}

class Reader {
  private readonly constants = new Map<string, Value>();
  private readonly calls: CallValue[] = [];
  private readonly blobs: RecordValue[] = [];

  public read(program: Ast): Code {
    walk(program, node => this.learn(node));
    walk(program, (node, parent) => this.collect(node, parent));
    return { calls: this.calls, blobs: this.blobs };
  }

  /** Constants that are written once in a file. */
  private learn(node: Ast): void {
    if (node.type === 'TSEnumDeclaration') {
      const members = (node.members ?? (node.body as Ast | undefined)?.members ?? []) as Ast[];
      this.constants.set(nameOf(node.id), this.record(node, members.map(({ id, initializer }) => [nameOf(id), initializer])));
    }
    if (node.type !== 'VariableDeclaration' || node.kind !== 'const') return;
    for (const { id, init } of node.declarations as Ast[]) {
      const name = nameOf(id);
      if (name === '' || !isAst(init)) continue;
      // Two of one name in a file: which one counts is not told here.
      this.constants.set(name, this.constants.has(name) ? { kind: 'unknown', at: node.start } : this.valueOf(init));
    }
  }

  private collect(node: Ast, parent: Ast | undefined): void {
    if (CALLS.has(node.type)) this.calls.push({ ...this.call(node), ...assignedBy(parent, node) });
    if (node.type !== 'ObjectExpression') return;
    const record = this.valueOf(node) as RecordValue;
    if (record.entries.some(([name]) => name === '_aws')) this.blobs.push(record);
  }

  private valueOf(node: unknown): Value {
    if (!isAst(node)) return { kind: 'unknown', at: 0 };
    if (WRAPPERS.has(node.type)) return this.valueOf(node.expression ?? node.argument);
    const at = node.start;
    switch (node.type) {
      case 'StringLiteral': return { kind: 'text', value: node.value as string, at };
      case 'TemplateLiteral': return this.joined(at, templateParts(node));
      case 'BinaryExpression': return node.operator === '+' ? this.joined(at, [node.left, node.right]) : { kind: 'unknown', at };
      case 'Identifier': return located(this.constants.get(node.name as string), at);
      case 'MemberExpression': return this.memberOf(node);
      case 'ArrayExpression': return { kind: 'list', items: (node.elements as unknown[]).map(item => this.valueOf(item)), at };
      case 'ObjectExpression': return this.record(node, (node.properties as Ast[]).map(each => [keyOf(each), each.value]));
      default: return CALLS.has(node.type) ? this.call(node) : { kind: 'unknown', at };
    }
  }

  private record({ start }: Ast, members: readonly (readonly [string, unknown])[]): RecordValue {
    return { kind: 'record', at: start, entries: members.map(([name, value]) => [name, this.valueOf(value)]) };
  }

  /** Known where all of its parts are. */
  private joined(at: number, parts: readonly unknown[]): Value {
    const values = parts.map(part => (typeof part === 'string' ? { kind: 'text' as const, value: part, at } : this.valueOf(part)));
    const texts = values.flatMap(value => (value.kind === 'text' ? [value.value] : []));
    return texts.length === values.length ? { kind: 'text', value: texts.join(''), at } : { kind: 'unknown', at };
  }

  private memberOf(node: Ast): Value {
    const object = this.valueOf(node.object);
    const name = node.computed ? textOf(this.valueOf(node.property)) : nameOf(node.property);
    const found = object.kind === 'record' ? object.entries.filter(([key]) => key === name).at(-1)?.[1] : undefined;
    return located(found, node.start);
  }

  private call(node: Ast): CallValue {
    const callee = node.callee as Ast;
    return {
      kind: 'call',
      name: nameOf(callee),
      owner: nameOf(callee.object),
      args: (node.arguments as unknown[]).map(argument => this.valueOf(argument)),
      named: { kind: 'record', entries: [], at: node.start },
      at: node.start,
    };
  }
}

function isAst(value: unknown): value is Ast {
  return typeof value === 'object' && value !== null && typeof (value as Ast).type === 'string';
}

/** Without recursion: what a program generated is nested as deep as it likes. */
function walk(root: Ast, visit: (node: Ast, parent: Ast | undefined) => void): void {
  const waiting: [Ast, Ast | undefined][] = [[root, undefined]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [node] = next;
    visit(...next);
    const below = Object.entries(node).flatMap(([name, value]) => (/Comments$|^(loc|extra|errors)$/.test(name) ? [] : value as unknown));
    for (const child of below.reverse()) if (isAst(child)) waiting.push([child, node]);
  }
}

/** The last name of `a.b.c`, `#c` or a call of it; empty for anything else. */
function nameOf(node: unknown): string {
  if (!isAst(node)) return '';
  if (typeof node.name === 'string') return node.name;
  if (node.type === 'StringLiteral') return node.value as string;
  return nameOf(node.property ?? node.callee ?? node.id ?? node.expression);
}

function keyOf({ key, computed }: Ast): string {
  return computed ? '' : nameOf(key);
}

function assignedBy(parent: Ast | undefined, node: Ast): Pick<CallValue, 'assignedTo'> {
  if (parent?.type === 'VariableDeclarator') return { assignedTo: nameOf(parent.id) };
  if (parent?.type === 'AssignmentExpression' && parent.right === node) return { assignedTo: nameOf(parent.left) };
  return parent?.type === 'ClassProperty' || parent?.type === 'ClassPrivateProperty' ? { assignedTo: nameOf(parent.key) } : {};
}

function templateParts({ quasis, expressions }: Ast): unknown[] {
  const between = expressions as Ast[];
  return (quasis as Ast[]).flatMap(({ value }, index) => [(value as { cooked?: string }).cooked ?? '', ...between.slice(index, index + 1)]);
}

function located(value: Value | undefined, at: number): Value {
  return value ? { ...value, at } : { kind: 'unknown', at };
}

function textOf(value: Value): string | undefined {
  return value.kind === 'text' ? value.value : undefined;
}
