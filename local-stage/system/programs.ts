import { ChildProcess, spawn } from 'child_process';
import { until } from './until';

/** How a program is started. */
export interface ProgramOptions {
  readonly cwd?: string;
  /** The whole environment of the program. */
  readonly env?: NodeJS.ProcessEnv;
  /** Whether something is written to its standard input. */
  readonly takesInput?: boolean;
  /** Gets the output as it comes. */
  readonly onOutput?: (text: string) => void;
}

/** What a program wrote; it ended with exit code 0. */
export interface ProgramResult {
  readonly stdout: string;
  readonly stderr: string;
}

/** A program ended with another exit code than 0. */
export class ProgramFailure extends Error {
  constructor(readonly program: string, readonly ending: string, readonly output: string) {
    super(`${program} ended with ${ending}:\n${lastLines(output)}`);
  }
}

const SHOWN_LINES = 25;
const PATIENCE_MS = 1_000;
const KILL_PATIENCE_MS = 500;
const LOOK_EVERY_MS = 25;

/** Starts programs, each in a process group of its own, so that a stop reaches what it started in turn. */
export class Programs {
  private readonly running = new Set<ChildProcess>();
  private stopping = false;

  public start(program: string, args: readonly string[], options: ProgramOptions = {}): ChildProcess {
    if (this.stopping) throw new Error('The demo is ending; no program is started any more.');
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: [options.takesInput ? 'pipe' : 'ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.running.add(child);
    child.once('error', () => this.running.delete(child));
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => options.onOutput?.(text));
    }
    return child;
  }

  /** Runs a program to its end. */
  public run(program: string, args: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult> {
    return new Promise((resolve, reject) => {
      const written = { stdout: '', stderr: '' };
      const child = this.start(program, args, options);
      child.stdout!.on('data', text => { written.stdout += String(text); });
      child.stderr!.on('data', text => { written.stderr += String(text); });
      child.once('error', reject);
      child.once('close', (code, signal) => {
        this.running.delete(child);
        if (code === 0) resolve(written);
        else reject(new ProgramFailure([program, ...args].join(' '), signal ?? `exit code ${code}`, written.stdout + written.stderr));
      });
    });
  }

  /** Ends everything that still runs, and waits until it has ended. */
  public async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all([...this.running].map(endGroup));
    this.running.clear();
  }
}

async function endGroup({ pid }: ChildProcess): Promise<void> {
  if (pid === undefined || !signalGroup(pid, 'SIGTERM')) return;
  if (await gone(pid, PATIENCE_MS)) return;
  signalGroup(pid, 'SIGKILL');
  await gone(pid, KILL_PATIENCE_MS);
}

/** Waits until nobody of the group is left, or the patience is over. */
async function gone(pid: number, patienceMs: number): Promise<boolean> {
  return until(() => !signalGroup(pid, 0), { patienceMs, lookEveryMs: LOOK_EVERY_MS });
}

/** Whether there was anybody left in the group. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
}
