/** How far the shop has come on its way from plain CDK to the standard. Each step is one change that is deployed by itself. */
export enum Step {
  /** Plain CDK: nothing of the library. */
  PLAIN,
  /** `Standards` are there, and check nothing. */
  STANDARDS,
  /** Findings are told, and a baseline knows them. */
  WARNED,
  /** Functions start in the runtime layer, and answer as before. */
  LAYER,
  /** They answer in the envelope. */
  ENVELOPE,
  /** Roles name their models, services have their alarms, and a finding stops the synthesis. */
  DONE,
}

/** The step that is asked for by its name; the last one when none is. */
export function stepOf(name = 'DONE'): Step {
  const step = Step[name as keyof typeof Step];
  if (typeof step === 'number') return step;
  throw new Error(`ADOPTION_STEP is ${name}. Steps: ${Object.keys(Step).filter(key => isNaN(Number(key))).join(', ')}.`);
}
