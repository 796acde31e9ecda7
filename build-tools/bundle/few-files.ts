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

/**
 * Names of files, and the entry points whose modules each holds: the first that can hold a module does. These entry points have no file of
 * their own, and who needs one loads the file that holds it.
 */
export type FilesTogether = Readonly<Record<string, readonly string[]>>;

/**
 * The ES modules that esbuild made of some entry points, as few CommonJS files. esbuild itself makes dozens of small ones, and a start
 * that reads each of them takes milliseconds longer.
 *
 * @param parts the modules by their file names
 * @param published entry points that have a file of their own all the same, which exports what is theirs and nothing else
 */
export async function inFewFiles(
  parts: ReadonlyMap<string, EsModule>, entryPoints: readonly string[], together: FilesTogether, published: readonly string[],
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
    chunkFileNames: ({ name }) => (name in together ? '[name].js' : 'shared-[hash].js'),
    manualChunks: (id, { getModuleInfo }) =>
      Object.keys(together).find(file => neededBy(together[file], getModuleInfo).has(id)),
  });
  const held = Object.values(together).flat().filter(name => !published.includes(name));
  return output.filter((file): file is OutputChunk => file.type === 'chunk')
    .filter(chunk => !(chunk.isEntry && held.includes(chunk.name) && isOnlyPassedOn(chunk)))
    .map(({ fileName, code, map }) => ({ name: fileName, code, map: map!.toUrl() }));
}

/** Whether it passes on what another file exports; under other names nobody would find it there. */
function isOnlyPassedOn({ code, name }: OutputChunk): boolean {
  const passedOn = [...code.matchAll(/^exports\.([\w$]+) = [\w$]+\.([\w$]+);$/gm)];
  const isAsNamed = passedOn.length > 0 && passedOn.every(([, exported, original]) => exported === original);
  if (!isAsNamed) throw new Error(`"${name}" does not just pass on what another file holds:\n${code}`);
  return true;
}

function neededBy(entries: readonly string[], getModuleInfo: GetModuleInfo): ReadonlySet<string> {
  const needed = new Set(entries.map(entry => `${entry}.js`));
  for (const id of needed) for (const imported of getModuleInfo(id)?.importedIds ?? []) needed.add(imported);
  return needed;
}
