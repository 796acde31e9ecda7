// In JavaScript, since jest requires its runtime as it stands.
const { existsSync } = require('fs');
const { createRequire } = require('module');
const { dirname, join, resolve, sep } = require('path');
const { compileFunction } = require('vm');
const { default: JestRuntime } = require('jest-runtime');

const SOURCES = resolve(__dirname, '..', '..', '..', 'src') + sep;

/** Packages that take long to load and hold no state of a test. */
const SHARED_PACKAGES = /^(aws-cdk-lib|constructs|cdk-nag)(\/|$)/;

/** The modules of the library: loaded once, and used by all files of tests for as long as the process lives. */
class SharedModules {
  /** What was loaded, by the path of its file: the module, and the path of its source map. */
  loaded = new Map();
  /** The paths of source maps in the file of tests that runs: jest finds the lines of its errors by them. */
  sourceMapsOfFile = new Map();

  constructor(transformer) {
    this.transformer = transformer;
  }

  /** A module that is shared, undefined where jest itself is to load it. */
  tryRequire(from, name) {
    if (SHARED_PACKAGES.test(name)) return { exports: createRequire(from)(name) };
    const path = pathOfSource(from, name);
    return path ? this.loaded.get(path)?.module ?? this.load(path) : undefined;
  }

  load(path) {
    const { code, sourceMapPath } = this.transformer.transform(path, { collectCoverage: false });
    if (sourceMapPath) this.sourceMapsOfFile.set(path, sourceMapPath);

    const module = { exports: {} };
    this.loaded.set(path, { module, sourceMapPath });
    const run = compileFunction(code, ['module', 'exports', 'require', '__dirname', '__filename'], { filename: path });
    try {
      run.call(module.exports, module, module.exports, this.requireOf(path), dirname(path), path);
    } catch (error) {
      this.loaded.delete(path);
      throw error;
    }
    return module;
  }

  /** What `require` is in a file: Node's own, but for what is shared. */
  requireOf(path) {
    const requireOfNode = createRequire(path);
    return Object.assign(name => (this.tryRequire(path, name) ?? { exports: requireOfNode(name) }).exports, requireOfNode);
  }
}

/** The file of a module of the library, none where the name leads elsewhere. */
function pathOfSource(from, name) {
  if (name === 'cdk-plumbline') return join(SOURCES, 'index.ts');
  const path = resolve(dirname(from), name);
  if (!name.startsWith('.') || !(path + sep).startsWith(SOURCES)) return undefined;
  return [path, `${path}.ts`, join(path, 'index.ts')].find(candidate => candidate.endsWith('.ts') && existsSync(candidate));
}

let shared;

/**
 * Loads the CDK and the library once in a process, where jest loads everything once for each file of tests.
 * The library keeps no state in its modules, so no file can see what another one did (`test/architecture` holds it to that).
 */
class SharedModulesRuntime extends JestRuntime {
  constructor(...args) {
    super(...args);
    const [, environment, , transformer] = args;
    // Not where a file of tests has a context of its own: its values are of other classes there.
    this.shared = environment.global === globalThis ? shared ??= new SharedModules(transformer) : undefined;
  }

  requireModuleOrMock(from, name) {
    const found = this.shared?.tryRequire(from, name);
    return found ? found.exports : super.requireModuleOrMock(from, name);
  }

  getSourceMaps() {
    const maps = super.getSourceMaps();
    if (this.shared) {
      this.shared.sourceMapsOfFile = maps;
      for (const [path, { sourceMapPath }] of this.shared.loaded) if (sourceMapPath) maps.set(path, sourceMapPath);
    }
    return maps;
  }
}

module.exports = { __esModule: true, default: SharedModulesRuntime, SharedModules };
