import { AsyncLocalStorage } from 'async_hooks';
import vm from 'vm';
import type { EnvironmentContext, JestEnvironment, JestEnvironmentConfig } from '@jest/environment';
import { ModernFakeTimers } from '@jest/fake-timers';
import { ModuleMocker } from 'jest-mock';

/** What jest takes for a context of its own, and stands for the context of the process. */
const THIS_CONTEXT = vm.createContext({});

const compileFunction = vm.compileFunction;
Object.assign(vm, {
  compileFunction(code: string, params: string[], options: vm.CompileFunctionOptions = {}) {
    const { parsingContext, ...rest } = options;
    return compileFunction(code, params, parsingContext === THIS_CONTEXT ? rest : options);
  },
});

/**
 * Node 20 does something for every promise and every storage in use. Jest makes a storage for each file and never gives it back:
 * after a hundred files a quiet test took 0.2 s.
 */
const storages = new Set<AsyncLocalStorage<unknown>>();
for (const method of ['run', 'enterWith'] as const) {
  const original = AsyncLocalStorage.prototype[method] as (...args: unknown[]) => unknown;
  Object.assign(AsyncLocalStorage.prototype, {
    [method](this: AsyncLocalStorage<unknown>, ...args: unknown[]): unknown {
      storages.add(this);
      return original.apply(this, args);
    },
  });
}

/**
 * What jest's runner of tests leaves in the context of a file: its listeners, which would hear of the tests of all later files,
 * with all that they know of their own, and the limits that the file has set.
 */
const OF_JEST_CIRCUS = new Set([
  'EVENT_HANDLERS', 'JEST_STATE_SYMBOL', 'TEST_TIMEOUT_SYMBOL',
  'RETRY_TIMES', 'RETRY_IMMEDIATELY', 'WAIT_BEFORE_RETRY', 'LOG_ERRORS_BEFORE_RETRY',
]);

/** The CDK keeps its tokens in a global variable; modules that are shared need it from one file of tests to the next. */
const isKept = (name: string | symbol) => (typeof name === 'symbol' ? !OF_JEST_CIRCUS.has(name.description!) : name.startsWith('__cdk'));

/**
 * Runs tests in the context of the process itself, where jest makes a context for every file.
 * Modules of `shared-modules-runtime.js` can so be used by all files: an array or an error is of one class everywhere.
 * What a file changes in the environment variables or the global ones is put back after it.
 */
export default class SameRealmEnvironment implements JestEnvironment<unknown> {
  public readonly global = globalThis as unknown as JestEnvironment['global'];
  public readonly moduleMocker: ModuleMocker | null = new ModuleMocker(globalThis);
  public readonly fakeTimers = null;
  public readonly fakeTimersModern: ModernFakeTimers | null;
  private readonly variables = { ...process.env };
  private readonly globals = new Map(Reflect.ownKeys(globalThis).map(name => [name, Object.getOwnPropertyDescriptor(globalThis, name)!]));

  constructor({ projectConfig }: JestEnvironmentConfig, _context: EnvironmentContext) {
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  public async setup(): Promise<void> {
    Error.stackTraceLimit = 30;
  }

  public async teardown(): Promise<void> {
    this.fakeTimersModern?.dispose();
    for (const storage of storages) storage.disable();
    storages.clear();
    for (const name of Reflect.ownKeys(globalThis)) {
      const before = this.globals.get(name);
      if (before?.configurable) Object.defineProperty(globalThis, name, before);
      if (!before && !isKept(name)) Reflect.deleteProperty(globalThis, name);
    }
    for (const name of Object.keys(process.env)) if (!(name in this.variables)) delete process.env[name];
    Object.assign(process.env, this.variables);
  }

  public exportConditions(): string[] {
    return ['node', 'node-addons'];
  }

  public getVmContext(): vm.Context {
    return THIS_CONTEXT;
  }
}
