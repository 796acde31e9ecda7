import Module, { register } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RUNTIME_ENVIRONMENT } from '../../../../src/contract/data';

const SPECIFIER = RUNTIME_ENVIRONMENT.layers.node.module;

interface ResolveResult {
  readonly url: string;
  readonly shortCircuit?: boolean;
}
type NextResolve = (specifier: string, context: unknown) => ResolveResult;
type ResolveHook = (specifier: string, context: { conditions?: readonly string[] }, next: NextResolve) => ResolveResult;

/** Of Node 22.15 and newer, and not in the types of Node 20. */
type RegisterHooks = (hooks: { resolve: ResolveHook }) => void;
/** What `require` asks for a file. */
type ResolveFilename = (request: string, ...rest: unknown[]) => string;

/**
 * Makes `cdk-plumbline/runtime` lead to the layer, in ES modules too, which do not look where a layer's modules are.
 * Always to the layer, also when the function ships its own copy: the version in use is the one that was deployed.
 */
export function resolveRuntimeFromLayer(folder: string): void {
  const files = { require: join(folder, 'index.js'), import: join(folder, 'index.mjs') };
  const { registerHooks } = Module as unknown as { registerHooks?: RegisterHooks };
  if (registerHooks) {
    registerHooks({
      resolve: (specifier, context, next) => {
        if (specifier !== SPECIFIER) return next(specifier, context);
        const file = context.conditions?.includes('require') ? files.require : files.import;
        return { url: pathToFileURL(file).href, shortCircuit: true };
      },
    });
    return;
  }
  redirectRequire(files.require);
  registerInLoaderThread(pathToFileURL(files.import).href);
}

function redirectRequire(file: string): void {
  const loader = Module as unknown as { _resolveFilename: ResolveFilename };
  const original = loader._resolveFilename;
  loader._resolveFilename = function redirected(request, ...rest) {
    return request === SPECIFIER ? file : original.call(this, request, ...rest);
  };
}

/** Node 20 runs these hooks in a thread of their own; they are handed over as source. */
function registerInLoaderThread(url: string): void {
  const source = `export const resolve = (specifier, context, next) =>
    specifier === ${JSON.stringify(SPECIFIER)} ? { url: ${JSON.stringify(url)}, shortCircuit: true } : next(specifier, context);`;
  register(`data:text/javascript,${encodeURIComponent(source)}`);
}
