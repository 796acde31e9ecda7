import { Step, StepResult } from './step';

/** Of sums of decimal fractions. */
const ROUNDING = 1e-9;

/**
 * Runs every step, as many at a time as keep `cores` processors busy, in the given order as far as `after` and `alone` allow. A step
 * never keeps another from running: one run tells everything that is wrong.
 */
export async function runSteps(steps: readonly Step[], cores: number, execute: (step: Step) => Promise<StepResult>): Promise<StepResult[]> {
  const waiting = [...steps];
  const running = new Map<Step, Promise<void>>();
  const results = new Map<Step, StepResult>();
  const isOver = (name: string) => !waiting.some(step => step.name === name) && ![...running.keys()].some(step => step.name === name);
  const isReady = (step: Step) => (step.after ?? []).every(isOver);

  const fits = (step: Step): boolean => {
    if (running.size === 0) return true;
    const busy = [...running.keys()];
    return !step.alone && !busy.some(({ alone }) => alone) && loadOf([...busy, step]) <= cores + ROUNDING;
  };
  const startable = (): Step | undefined => waiting.find(step => isReady(step) && fits(step));

  while (waiting.length > 0 || running.size > 0) {
    for (let step = startable(); step; step = startable()) {
      const started = step;
      waiting.splice(waiting.indexOf(started), 1);
      running.set(started, execute(started).then(result => {
        results.set(started, result);
        running.delete(started);
      }));
    }
    if (running.size === 0) throw new Error(`steps wait for each other: ${waiting.map(step => step.name).join(', ')}`);
    await Promise.race(running.values());
  }
  return steps.map(step => results.get(step)!);
}

function loadOf(steps: readonly Step[]): number {
  return steps.reduce((sum, { load = 1 }) => sum + load, 0);
}
