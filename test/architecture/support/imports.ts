import { builtinModules } from 'module';
import { posix } from 'path';
import * as ts from 'typescript';
import { Sources } from './sources';

/** One file imports another: by import, re-export, `require` or a type. */
export interface FileImport {
  readonly file: string;
  /** The imported file where it is one of the sources; else the path as it is written. */
  readonly target: string;
  /** Where in the text of `file`. */
  readonly position: number;
}

/** Every import of one file by another. */
export function fileImports(sources: Sources): FileImport[] {
  return writtenImports(sources).filter(({ name }) => isRelative(name))
    .map(({ file, name, position }) => ({ file, target: fileOf(posix.join(posix.dirname(file), name), sources), position }));
}

/** Whether an import stands inside a function, and so is made only when that is called. */
export function isDeferred({ file, position }: FileImport, sources: Sources): boolean {
  const holds = (node: ts.Node): boolean => node.pos <= position && position < node.end
    && (ts.isFunctionLike(node) || (ts.forEachChild(node, child => holds(child) || undefined) ?? false));
  return holds(ts.createSourceFile(file, sources.get(file)!, ts.ScriptTarget.Latest));
}

/** Every import of the library by its own name, which would be an arrow in disguise. */
export function importsOfItself(sources: Sources, name: string): string[] {
  return writtenImports(sources)
    .filter(written => written.name === name || written.name.startsWith(`${name}/`))
    .map(written => `${written.file} → ${written.name}`);
}

/** Every package that is neither built into Node nor listed, as `file → package`. */
export function unlistedPackages(sources: Sources, listed: readonly string[]): string[] {
  return importedPackages(sources)
    .filter(({ name }) => !isBuiltin(name) && !listed.includes(name))
    .map(({ file, name }) => `${file} → ${name}`);
}

/** Every package, those built into Node too, as `file → package`. */
export function allPackages(sources: Sources): string[] {
  return importedPackages(sources).map(({ file, name }) => `${file} → ${name}`);
}

function importedPackages(sources: Sources): { file: string; name: string }[] {
  return writtenImports(sources).filter(({ name }) => !isRelative(name)).map(({ file, name }) => ({ file, name: packageOf(name) }));
}

function writtenImports(sources: Sources): { file: string; name: string; position: number }[] {
  return [...sources].flatMap(([file, text]) =>
    ts.preProcessFile(text, true, true).importedFiles.map(({ fileName, pos }) => ({ file, name: fileName, position: pos })));
}

/** As Node and TypeScript find it: `a` means a.ts, or the index of a folder. */
function fileOf(path: string, sources: Sources): string {
  const endings = ['', '.ts', '.tsx', '.mts', '.mjs', '.cjs', '.js', '/index.ts'];
  return endings.map(ending => path + ending).find(file => sources.has(file)) ?? path;
}

const isRelative = (name: string): boolean => name.startsWith('.');
const isBuiltin = (name: string): boolean => name.startsWith('node:') || builtinModules.includes(name);
const packageOf = (name: string): string => name.split('/').slice(0, name.startsWith('@') ? 2 : 1).join('/');
