import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { UserHandler } from './call/user-handler';

const EXTENSIONS = ['', '.js', '.mjs', '.cjs'];

/** A handler that cannot be loaded. The names are those of Lambda's own runtime, so that nothing changes for who reads them. */
export class UserModuleError extends Error {
  constructor(name: string, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = name;
  }
}

interface HandlerName {
  readonly folder: string;
  readonly module: string;
  readonly exports: readonly string[];
}

type ImportModule = (url: string) => Promise<unknown>;

const importModule: ImportModule = url => import(url);

/** Loads the handler that a handler string such as `dir/index.handler` names, by the rules of Lambda's own runtime. */
export async function loadUserHandler(handlerString: string, root: string, load: ImportModule = importModule): Promise<UserHandler> {
  const name = parseHandlerString(handlerString);
  const loaded = await loadModule(name, root, load);
  const handler = findExport(loaded, name.exports) ?? findExport((loaded as { default?: unknown }).default, name.exports);
  if (typeof handler === 'function') return handler as UserHandler;
  const problem = handler === undefined ? 'is undefined or not exported' : 'is not a function';
  throw new UserModuleError('Runtime.HandlerNotFound', `${handlerString} ${problem}`);
}

export function parseHandlerString(handlerString: string): HandlerName {
  const file = basename(handlerString);
  const match = /^([^.]+)\.(.+)$/.exec(file);
  if (!match || handlerString.includes('..')) {
    throw new UserModuleError(
      'Runtime.MalformedHandlerName',
      `"${handlerString}" is no handler name; it should read as "folder/file.export"`,
    );
  }
  return { folder: handlerString.slice(0, handlerString.length - file.length), module: match[1], exports: match[2].split('.') };
}

async function loadModule({ folder, module }: HandlerName, root: string, load: ImportModule): Promise<object> {
  const directory = resolve(root, folder);
  const path = join(directory, module);
  const file = EXTENSIONS.map(extension => path + extension).find(isFile);
  try {
    return await load(pathToFileURL(file ?? resolveModule(module, [root, directory])).href) as object;
  } catch (error) {
    if (error instanceof SyntaxError) throw new UserModuleError('Runtime.UserCodeSyntaxError', String(error), { cause: error });
    const code = (error as { code?: unknown } | null)?.code;
    if (code === 'MODULE_NOT_FOUND') throw new UserModuleError('Runtime.ImportModuleError', String(error), { cause: error });
    throw error;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** A folder with an index file, or a package. */
function resolveModule(module: string, paths: string[]): string {
  return createRequire(join(paths[0], 'index.js')).resolve(module, { paths });
}

function findExport(loaded: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (isContainer(value) ? (value as Record<string, unknown>)[key] : undefined), loaded);
}

function isContainer(value: unknown): boolean {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
