import { Annotations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

const PREFIX = 'cdk-plumbline:';

/** What is worth knowing of a construct, and stops nothing. */
export interface Warning {
  /** The last part of the id that it is acknowledged by: it stays the same for good. */
  readonly id: string;
  readonly message: string;
}

/** Warns of a construct now. One that was acknowledged, or given before, is not given again. */
export function warn(construct: IConstruct, { id, message }: Warning): void {
  Annotations.of(construct).addWarningV2(`${PREFIX}${id}`, message);
}

/** Warns of a construct when the app is synthesised: only then is all that it depends on there. */
export function warnAtSynth(construct: IConstruct, find: () => (Warning | undefined)[]): void {
  construct.node.addValidation({
    validate: () => {
      for (const warning of find()) if (warning) warn(construct, warning);
      return [];
    },
  });
}
