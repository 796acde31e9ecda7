import { createHash } from 'node:crypto';

/**
 * With `PLUMBLINE_MUTANTS_ONE_IN=8` only about one mutant in eight is run: the same ones each time, whatever the order, chosen by their
 * place and their text. The others are reported as compile errors, which Stryker leaves out of the score.
 */
class SampleChecker {
  oneIn = Number(process.env.PLUMBLINE_MUTANTS_ONE_IN ?? 1);

  async init() {}

  async check(mutants) {
    return Object.fromEntries(mutants.map(mutant => [mutant.id, this.#isInSample(mutant)
      ? { status: 'passed' }
      : { status: 'compileError', reason: 'not in the sample' }]));
  }

  group(mutants) {
    return [mutants.map(({ id }) => id)];
  }

  #isInSample({ fileName, location, mutatorName, replacement }) {
    const file = fileName.replaceAll('\\', '/').replace(/^.*?\/(?=(?:src|runtime)\/)/, '');
    const hash = createHash('sha256').update(JSON.stringify([file, location, mutatorName, replacement])).digest();
    return hash.readUInt32BE(0) % this.oneIn === 0;
  }
}

/** @see https://stryker-mutator.io/docs/stryker-js/guides/create-a-plugin */
export const strykerPlugins = [{ kind: 'Checker', name: 'sample', injectableClass: SampleChecker }];
