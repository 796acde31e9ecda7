import { existsSync } from 'fs';
import { createRequire } from 'module';
import { dirname, join, resolve, sep } from 'path';
import { compileFunction } from 'vm';
import JestRuntime from 'jest-runtime';

const SOURCES = resolve(__dirname, '..', '..', '..', 'src') + sep;

/** Packages that take long to load and hold no state of a test. */
const SHARED_PACKAGES = /^(aws-cdk-lib|constructs|cdk-nag)(\/|$)/;

type RuntimeArguments = ConstructorParameters<typeof JestRuntime>;
type Transformer = RuntimeArguments[3];
/** The path of a file's source map, by the path of the file. */
type SourceMaps = Map<string, string>;

/** The modules of the library: loaded once, and used by all files of tests for as long as the process lives. */
class SharedModules {
  public readonly sourceMaps: SourceMaps = new Map();
  /** Those of the file that runs: jest finds the lines of its errors by them. */
  public sourceMapsOfFile: SourceMaps = new Map();
  private readonly modules = new Map<string, { exports: unknown }>();

  constructor(private readonly transformer: Transformer) {}

  /** A module that is shared, undefined where jest itself is to load it. */
  public tryRequire(from: string, name: string): { exports: unknown } | undefined {
    if (SHARED_PACKAGES.test(name)) return { exports: createRequire(from)(name) };
    const path = pathOfSource(from, name);
    return path ? this.modules.get(path) ?? this.load(path) : undefined;
  }

  private load(path: string): { exports: unknown } {
    const options = { collectCoverage: false } as Parameters<Transformer['transform']>[1];
    const { code, sourceMapPath } = this.transformer.transform(path, options);
    if (sourceMapPath) for (const maps of [this.sourceMaps, this.sourceMapsOfFile]) maps.set(path, sourceMapPath);

    const module = { exports: {} };
    this.modules.set(path, module);
    const run = compileFunction(code, ['module', 'exports', 'require', '__dirname', '__filename'], { filename: path });
    try {
      run.call(module.exports, module, module.exports, this.requireOf(path), dirname(path), path);
    } catch (error) {
      this.modules.delete(path);
      throw error;
    }
    return module;
  }

  /** What `require` is in a file: Node's own, but for what is shared. */
  private requireOf(path: string): NodeJS.Require {
    const requireOfNode = createRequire(path);
    return Object.assign((name: string) => (this.tryRequire(path, name) ?? { exports: requireOfNode(name) }).exports, requireOfNode);
  }
}

/** The file of a module of the library, none where the name leads elsewhere. */
function pathOfSource(from: string, name: string): string | undefined {
  if (name === 'cdk-plumbline') return join(SOURCES, 'index.ts');
  const path = resolve(dirname(from), name);
  if (!name.startsWith('.') || !(path + sep).startsWith(SOURCES)) return undefined;
  return [path, `${path}.ts`, join(path, 'index.ts')].find(candidate => candidate.endsWith('.ts') && existsSync(candidate));
}

let shared: SharedModules | undefined;

/**
 * Loads the CDK and the library once in a process, where jest loads everything once for each file of tests.
 * The library keeps no state in its modules, so no file can see what another one did (`test/architecture` holds it to that).
 */
export default class SharedModulesRuntime extends JestRuntime {
  private readonly shared: SharedModules;

  constructor(...args: RuntimeArguments) {
    super(...args);
    this.shared = shared ??= new SharedModules(args[3]);
  }

  public override requireModuleOrMock<T = unknown>(from: string, name: string): T {
    const found = this.shared.tryRequire(from, name);
    return found ? found.exports as T : super.requireModuleOrMock<T>(from, name);
  }

  public override getSourceMaps(): ReturnType<JestRuntime['getSourceMaps']> {
    const maps = super.getSourceMaps() as SourceMaps;
    this.shared.sourceMapsOfFile = maps;
    for (const [path, map] of this.shared.sourceMaps) maps.set(path, map);
    return maps;
  }
}
