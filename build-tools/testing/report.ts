import { Step, StepResult } from './step';

const HEARTBEAT_MS = 20_000;

/** Prints what a person waiting wants to know: what runs, what is over, how long it took, and what went wrong. */
export class Report {
  private readonly running = new Map<Step, number>();
  private readonly heartbeat: NodeJS.Timeout;
  private over = 0;

  constructor(private readonly total: number, private readonly print: (line: string) => void, heartbeatMs = HEARTBEAT_MS) {
    this.heartbeat = setInterval(() => this.beat(), heartbeatMs);
  }

  public started(step: Step): void {
    this.running.set(step, Date.now());
    this.print(`  …  ${step.name}: ${step.description}`);
  }

  public ended(result: StepResult): void {
    this.running.delete(result.step);
    this.over += 1;
    const ok = succeeded(result);
    const counts = result.passed + result.failed === 1 ? [] : [`${result.passed} passed, ${result.failed} failed`];
    const notes = [...counts, ...result.notes].join('; ');
    this.print(
      `${ok ? '  ok ' : 'FAIL '} ${result.step.name} (${result.seconds.toFixed(1)} s, ${this.over} of ${this.total})` +
        `${notes && `: ${notes}`}`,
    );
    if (!ok) this.print([result.output.trimEnd(), result.error].filter(Boolean).join('\n').replace(/^/gm, '     | '));
  }

  /** The last line has this form and no other: machines read it. */
  public finished(results: readonly StepResult[], seconds: number): void {
    clearInterval(this.heartbeat);
    const failed = results.filter(result => !succeeded(result)).map(result => result.step.name);
    this.print(`\n${results.length} steps in ${seconds.toFixed(0)} s${failed.length > 0 ? `; failed: ${failed.join(', ')}` : ''}`);
    this.print(`${sum(results, 'passed')} passed, ${sum(results, 'failed')} failed`);
  }

  private beat(): void {
    const now = Date.now();
    const list = [...this.running].map(([step, start]) => `${step.name} ${Math.round((now - start) / 1000)} s`);
    if (list.length > 0) this.print(`     still running: ${list.join(', ')}`);
  }
}

export const succeeded = (result: StepResult): boolean => result.failed === 0;

function sum(results: readonly StepResult[], count: 'passed' | 'failed'): number {
  return results.reduce((total, result) => total + result[count], 0);
}
