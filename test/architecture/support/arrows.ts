import { builtinModules } from 'module';
import { posix } from 'path';
import * as ts from 'typescript';
import { Sources } from './sources';

const CONTRACT = 'contract';

/** The parts of the product. Each may import itself and the contract; the contract imports nothing. */
export const PARTS = [CONTRACT, 'src', 'runtime', 'rules', 'cli'] as const;

/** Every import that is not an arrow of the design, as `file → target`. */
export function forbiddenArrows(sources: Sources): string[] {
  return importsIn(sources)
    .filter(({ file, target }) => isRelative(target) && !allowed(partOf(file), partOf(resolved(file, target))))
    .map(({ file, target }) => `${file} → ${resolved(file, target)}`);
}

/** Every import of the library by its own name, which would be an arrow in disguise. */
export function importsOfItself(sources: Sources, name: string): string[] {
  return importsIn(sources)
    .filter(({ target }) => target === name || target.startsWith(`${name}/`))
    .map(({ file, target }) => `${file} → ${target}`);
}

/** Every package that is neither built into Node nor listed, as `file → package`. */
export function unlistedPackages(sources: Sources, listed: readonly string[]): string[] {
  return importsIn(sources)
    .filter(({ target }) => !isRelative(target) && !isBuiltin(target) && !listed.includes(packageOf(target)))
    .map(({ file, target }) => `${file} → ${packageOf(target)}`);
}

function importsIn(sources: Sources): { file: string; target: string }[] {
  return [...sources].flatMap(([file, text]) =>
    ts.preProcessFile(text, true, true).importedFiles.map(imported => ({ file, target: imported.fileName })));
}

function allowed(from: string, to: string): boolean {
  return from === to ? from !== CONTRACT : to === CONTRACT && from !== CONTRACT;
}

const isRelative = (target: string): boolean => target.startsWith('.');
const isBuiltin = (target: string): boolean => target.startsWith('node:') || builtinModules.includes(target);
const packageOf = (target: string): string => target.split('/').slice(0, target.startsWith('@') ? 2 : 1).join('/');
const partOf = (path: string): string => path.split('/')[0];
const resolved = (file: string, target: string): string => posix.join(posix.dirname(file), target);
