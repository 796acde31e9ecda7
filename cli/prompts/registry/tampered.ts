import { CouldNotRun } from '../../system/could-not-run';

const ADVICE = 'Somebody else than the registry wrote it: look at the trail of the bucket and the table before anything is deployed.';

/** What the registry holds is not what its key signed. A command that is asked for findings tells it as one; every other one stops. */
export class Tampered extends CouldNotRun {
  /** `fault` is a sentence without its full stop. */
  constructor(public readonly fault: string, place = '') {
    super(`${place}${fault}. ${ADVICE}`);
  }
}
