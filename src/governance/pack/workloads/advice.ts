import * as contract from '../../../contract/data';
import { filledText } from '../../../contract/filled-text';

/** A case that the text of its rule does not fit. */
type Case = keyof typeof contract.CHECKS.advice;

/** What is wrong in such a case, and how to mend it; `found` is what the text names. */
export function adviceFor(name: Case, found?: string): string {
  return filledText(contract.CHECKS.advice[name], { ...contract, FINDING: { found } });
}
