import * as ts from 'typescript';
import { Sources } from './sources';

/** The statements of index files that do something other than re-export, as `file: text`. */
export function indexesThatDoMore(sources: Sources): string[] {
  return [...sources].filter(([file]) => /(^|\/)index\.ts$/.test(file)).flatMap(([file, text]) =>
    ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true).statements
      .filter(statement => !(ts.isExportDeclaration(statement) && statement.moduleSpecifier))
      .map(statement => `${file}: ${statement.getText().split('\n')[0]}`));
}

/** The exported classes and enums, as [name, file]. */
export function publicClasses(sources: Sources): [string, string][] {
  return [...sources].flatMap(([file, text]) =>
    ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true).statements
      .filter(statement => ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement))
      .filter(statement => (statement.modifiers ?? []).some(modifier => modifier.kind === ts.SyntaxKind.ExportKeyword))
      .map((statement): [string, string] => [statement.name!.text, file]));
}
