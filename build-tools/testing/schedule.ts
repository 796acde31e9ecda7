import { Step, StepResult } from './step';

/**
 * Runs every step, a few at a time, in the given order as far as `after` and `alone` allow. A step never keeps another from
 * running: one run tells everything that is wrong.
 */
export async function runSteps(steps: readonly Step[], lanes: number, execute: (step: Step) => Promise<StepResult>): Promise<StepResult[]> {
  const waiting = [...steps];
  const running = new Map<Step, Promise<void>>();
  const results = new Map<Step, StepResult>();
  const isOver = (name: string) => !waiting.some(step => step.name === name) && ![...running.keys()].some(step => step.name === name);
  const isReady = (step: Step) => (step.after ?? []).every(isOver);

  const startable = (): Step | undefined => {
    if (running.size >= lanes || [...running.keys()].some(step => step.alone)) return undefined;
    const next = waiting.find(step => isReady(step) && (!step.alone || running.size === 0));
    return next;
  };

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
