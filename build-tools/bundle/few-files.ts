import { isBuiltin } from 'module';
import { rollup, type GetModuleInfo, type OutputChunk } from 'rollup';

export interface EsModule {
  readonly code: string;
  readonly map: string;
}

interface CommonJsFile {
  readonly name: string;
  readonly code: string;
  /** As a URL. */
  readonly map: string;
}

/** Names of files, and the entry points whose modules each holds: the first that can hold a module does. */
export type FilesTogether = Readonly<Record<string, readonly string[]>>;

/**
 * The ES modules that esbuild made of some entry points, as few CommonJS files. esbuild itself makes dozens of small ones, and a start
 * that reads each of them takes milliseconds longer.
 *
 * @param parts the modules by their file names
 */
export async function inFewFiles(
  parts: ReadonlyMap<string, EsModule>, entryPoints: readonly string[], together: FilesTogether,
): Promise<CommonJsFile[]> {
  const bundle = await rollup({
    input: Object.fromEntries(entryPoints.map(name => [name, `${name}.js`])),
    external: isBuiltin,
    treeshake: false,
    plugins: [{ name: 'parts', resolveId: specifier => specifier.replace(/^\.\//, ''), load: id => parts.get(id) }],
  });
  const { output } = await bundle.generate({
    format: 'cjs',
    sourcemap: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'shared-[hash].js',
    manualChunks: (id, { getModuleInfo }) =>
      Object.keys(together).find(file => neededBy(together[file], getModuleInfo).has(id)),
  });
  return output.filter((file): file is OutputChunk => file.type === 'chunk')
    .map(({ fileName, code, map }) => ({ name: fileName, code, map: map!.toUrl() }));
}

function neededBy(entries: readonly string[], getModuleInfo: GetModuleInfo): ReadonlySet<string> {
  const needed = new Set(entries.map(entry => `${entry}.js`));
  for (const id of needed) for (const imported of getModuleInfo(id)?.importedIds ?? []) needed.add(imported);
  return needed;
}
