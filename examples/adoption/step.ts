import { Envelope } from 'cdk-plumbline';

/** How far the shop has come on its way from plain CDK to the standard. Each step is one change that is deployed by itself. */
export enum Step {
  /** Plain CDK: nothing of the library. */
  PLAIN,
  /** `Standards` are there, and check nothing. */
  STANDARDS,
  /** Findings are told, and a baseline knows them. */
  WARNED,
  /** Functions start in the runtime layer, and answer as before; their log says what the envelope would change. */
  LAYER,
  /** They answer in the envelope. */
  ENVELOPE,
  /** Roles name their models, services have their alarms, and a finding stops the synthesis. */
  DONE,
}

/** Whether answers leave in the envelope at a step. */
export function envelopeAt(step: Step): Envelope {
  return step < Step.ENVELOPE ? Envelope.LOG_ONLY : Envelope.ON;
}

/** The step of a name. */
export function stepOf(name: string): Step {
  const step = Step[name as keyof typeof Step];
  if (typeof step === 'number') return step;
  throw new Error(`ADOPTION_STEP is ${name}. Steps: ${Object.keys(Step).filter(key => isNaN(Number(key))).join(', ')}.`);
}
