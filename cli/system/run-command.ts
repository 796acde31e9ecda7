import { ChildProcess, spawn, spawnSync } from 'child_process';
import { stripVTControlCharacters } from 'util';

export interface CommandOptions {
  readonly cwd: string;
  /** Beside the variables of this process. */
  readonly env: Readonly<Record<string, string>>;
  readonly limitMs: number;
}

/** How a command ended. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** It was stopped since its time was over. */
  readonly isLate: boolean;
  /** The last lines of what it wrote to both outputs, without the characters that a terminal obeys. */
  readonly lastLines: readonly string[];
}

/** So much of the output is kept, and so many lines of it are told. */
const KEPT_CHARACTERS = 64 * 1024;
const LINES = 40;
/** From the polite signal to the one that nothing withstands; and from a command's end to that of its output. */
const GRACE_MS = 2000;

const isWindows = process.platform === 'win32';

/** Runs a command line of the shell, with everything that it starts: what is left over at its end, or at its time limit, is stopped. */
export function runCommand(command: string, { cwd, env, limitMs }: CommandOptions): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, {
      cwd, env: { ...process.env, ...env }, shell: true, detached: !isWindows, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true,
    });
    let output = '';
    const take = (text: string): void => { output = (output + text).slice(-KEPT_CHARACTERS); };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', take);

    let isLate = false;
    const timers: NodeJS.Timeout[] = [];
    timers.push(setTimeout(() => {
      isLate = true;
      stop(child, 'SIGTERM');
      timers.push(setTimeout(() => stop(child, 'SIGKILL'), GRACE_MS));
    }, limitMs));
    // Its group is not that of the terminal, so Ctrl+C reaches only this process.
    const pass = (signal: NodeJS.Signals): void => {
      stop(child, 'SIGKILL');
      release();
      process.kill(process.pid, signal);
    };
    const release = (): void => {
      timers.forEach(clearTimeout);
      process.off('SIGINT', pass).off('SIGTERM', pass);
    };
    process.on('SIGINT', pass).on('SIGTERM', pass);

    child.once('error', error => {
      release();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      const end = (): void => {
        release();
        stop(child, 'SIGKILL');
        child.stdout.destroy();
        child.stderr.destroy();
        resolve({ code, signal, isLate, lastLines: lastLinesOf(output) });
      };
      // What it left running may hold its output open.
      timers.push(setTimeout(end, GRACE_MS));
      child.once('close', end);
    });
  });
}

function stop({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  if (isWindows) {
    spawnSync('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // Nothing of it is left.
  }
}

function lastLinesOf(output: string): string[] {
  // Of a line that was written over, as progress is, the last state.
  return stripVTControlCharacters(output).split(/\r?\n/).map(line => line.slice(line.lastIndexOf('\r') + 1))
    .map(line => line.replace(/(?!\t)\p{Cc}/gu, '?').trimEnd())
    .filter(line => line !== '').slice(-LINES);
}
