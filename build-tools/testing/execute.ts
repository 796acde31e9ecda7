import { LimitedPrograms } from './programs';
import { Step, StepContext, StepResult } from './step';

/** Runs one step and turns whatever happens into a result. */
export async function executeStep(step: Step, programs: LimitedPrograms, temporary: string): Promise<StepResult> {
  const start = Date.now();
  const notes: string[] = [];
  let output = '';
  const context: StepContext = {
    temporary,
    log: text => { output += `${text}\n`; },
    note: text => notes.push(text),
    run: (program, args, options) => programs.run(program, args, text => { output += text; }, options),
  };
  const result = (counts: { passed: number; failed: number; error?: string }): StepResult =>
    ({ step, output, notes, seconds: (Date.now() - start) / 1000, ...counts });

  try {
    return result(await step.run(context) ?? { passed: 1, failed: 0 });
  } catch (error) {
    return result({ passed: 0, failed: 1, error: error instanceof Error ? error.message : String(error) });
  }
}
