import { ChildProcess, spawn } from 'child_process';
import { delimiter, join } from 'path';
import { RunOptions } from './step';

export const ROOT = join(__dirname, '..', '..');

/** The path of a program that a development dependency brings. */
export const bin = (name: string): string => join(ROOT, 'node_modules', '.bin', name);

/**
 * npm puts the programs of the dependencies first on the PATH, and one of them, Lambda's own Node, is called `node`.
 * Without them the tests run on the machine's Node, as they do outside npm.
 */
export const MACHINE_PATH = (process.env.PATH ?? '').split(delimiter)
  .filter(entry => !entry.endsWith(join('node_modules', '.bin')))
  .join(delimiter);

/**
 * For the Node of what makes many small objects, as tests and compilers do: room for those that live short. It takes a sixth off the
 * processor's time of jest; what such a program starts in turn does not get it.
 */
export const ROOMY = '--max-semi-space-size=64';

/** Far more than any program needs: what hangs is to be a failure with a name. */
const LIMIT_MS = 20 * 60_000;

/** Starts programs, each for a limited time, and knows which still run. */
export class LimitedPrograms {
  private readonly running = new Set<ChildProcess>();

  constructor(private readonly limitMs = LIMIT_MS) {}

  public async run(program: string, args: readonly string[], onOutput: (text: string) => void, options: RunOptions = {}): Promise<string> {
    onOutput(`$ ${[program.replace(`${ROOT}/`, ''), ...args].join(' ')}\n`);
    return new Promise((resolve, reject) => {
      let stdout = '';
      // A process group of its own, so that a stop reaches what the program has started in turn.
      const child = spawn(program, args, {
        cwd: options.cwd ?? ROOT,
        env: { ...process.env, PATH: MACHINE_PATH, NO_COLOR: '1', FORCE_COLOR: '0', ...options.env },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      });
      this.running.add(child);
      const limit = setTimeout(() => {
        onOutput(`stopped after ${this.limitMs / 1000} s\n`);
        stop(child);
      }, this.limitMs);
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
        if (!options.quiet) onOutput(text);
      });
      child.stderr.setEncoding('utf8').on('data', onOutput);
      child.on('error', error => {
        clearTimeout(limit);
        this.running.delete(child);
        reject(new Error(`${program} could not be started: ${error.message}`));
      });
      child.on('close', (code, signal) => {
        clearTimeout(limit);
        this.running.delete(child);
        if (code === 0) resolve(stdout);
        else reject(new Error(`${program.replace(`${ROOT}/`, '')} ended with ${signal ?? `exit code ${code}`}`));
      });
    });
  }

  /** Ends everything that still runs, and then this process, when the process is interrupted. */
  public stopWhenInterrupted(): void {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        this.stop();
        process.exit(130);
      });
    }
  }

  /** Ends everything that still runs. */
  public stop(): void {
    this.running.forEach(stop);
  }
}

/** Ends a program and what it has started in turn. */
function stop({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It has ended by itself in the meantime.
  }
}
