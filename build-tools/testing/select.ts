import { Step } from './step';

/** The steps with the given names, comma-separated, in their own order; all of them without a name. */
export function selectSteps(steps: readonly Step[], only: string | undefined): readonly Step[] {
  if (only === undefined) return steps;
  const names = only.split(',').map(name => name.trim()).filter(name => name !== '');
  const unknown = names.filter(name => !steps.some(step => step.name === name));
  if (names.length === 0 || unknown.length > 0) {
    throw new Error(`--only: no step is called "${unknown.join('", "')}". Steps: ${steps.map(step => step.name).join(', ')}.`);
  }
  return steps.filter(step => names.includes(step.name));
}
