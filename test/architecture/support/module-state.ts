import * as ts from 'typescript';
import { Sources } from './sources';

const MUTABLE_CLASSES = new Set(['Map', 'Set', 'WeakMap', 'WeakSet', 'Array']);
const READONLY_TYPE = /^(Readonly|readonly )/;

/** Everything that outlives a construct tree and can change, as `file: name`. */
export function moduleState(sources: Sources): string[] {
  return [...sources].flatMap(([file, text]) => {
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    return source.statements.flatMap(statement => stateOf(statement)).map(name => `${file}: ${name}`);
  });
}

function stateOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    const { declarationList } = statement;
    const constant = (declarationList.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const; // eslint-disable-line no-bitwise -- flags
    return declarationList.declarations.filter(declaration => !constant || isMutable(declaration)).map(nameOf);
  }
  if (ts.isClassDeclaration(statement)) {
    return statement.members.filter(ts.isPropertyDeclaration)
      .filter(member => has(member, ts.SyntaxKind.StaticKeyword))
      .filter(member => !has(member, ts.SyntaxKind.ReadonlyKeyword) || isMutable(member))
      .map(nameOf);
  }
  return [];
}

/** A collection that its type lets anybody change. */
function isMutable({ type, initializer }: ts.VariableDeclaration | ts.PropertyDeclaration): boolean {
  if (type && READONLY_TYPE.test(type.getText())) return false;
  if (!initializer) return false;
  if (ts.isNewExpression(initializer)) return MUTABLE_CLASSES.has(initializer.expression.getText());
  const empty = (ts.isArrayLiteralExpression(initializer) && initializer.elements.length === 0)
    || (ts.isObjectLiteralExpression(initializer) && initializer.properties.length === 0);
  return empty;
}

const has = ({ modifiers }: ts.PropertyDeclaration, kind: ts.SyntaxKind): boolean =>
  modifiers?.some(modifier => modifier.kind === kind) ?? false;
const nameOf = (declaration: ts.NamedDeclaration): string => declaration.name!.getText();
