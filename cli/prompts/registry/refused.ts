/** The rules of the registry say no: each fault is a sentence. The command ends with exit code 1. */
export class Refused extends Error {
  constructor(public readonly faults: readonly string[]) {
    super(faults.join('\n'));
  }
}
