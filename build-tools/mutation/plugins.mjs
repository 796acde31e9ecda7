import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { MutantRunStatus, TestStatus } from '@stryker-mutator/api/test-runner';
import { strykerPlugins as jestPlugins } from '@stryker-mutator/jest-runner';

const require = createRequire(import.meta.url);
/** What Stryker's runner shares with its environment; the instrumented code reads the active mutant from it. */
const { state } = require(join(dirname(require.resolve('@stryker-mutator/jest-runner')), 'messaging.cjs'));
/** How long each test took, by its file: jest has written it in the sandbox, where the processes of tests are at work. */
const readDurations = () => require(join(process.cwd(), 'build-tools', 'mutation', 'jest', 'durations.cjs')).readDurations();
const JOURNAL = process.env.PLUMBLINE_MUTATION_JOURNAL;
/** With 8 about one mutant in eight is tried: the same ones each time, whatever the order, also those that are tried with 16. */
const ONE_IN = Number(process.env.PLUMBLINE_MUTANTS_ONE_IN ?? 1);

/** The mutant's file, whatever the folder of the run. */
const fileOf = ({ fileName }) => fileName.replaceAll('\\', '/').replace(/^.*?\/(?=(?:src|runtime)\/)/, '');

/** One name of a mutant for all runs. */
function nameOf(mutant) {
  const { location: { start, end }, mutatorName, replacement } = mutant;
  const text = JSON.stringify([fileOf(mutant), start.line, start.column, end.line, end.column, mutatorName, replacement]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

const isInSample = mutant => Number.parseInt(nameOf(mutant).slice(0, 8), 16) % ONE_IN === 0;

const looksAtTheClock = file => /\b(?:performance\.now|Date\.now|process\.cpuUsage)\(/.test(readFileSync(file, 'utf8'));

/** Whether it is a test of a file that measures how long something takes. */
function isByTheClock(name) {
  const file = Object.entries(readDurations()).find(([, durations]) => durations.some(([one]) => one === name));
  return file !== undefined && looksAtTheClock(file[0]);
}

/** The mutants that have a result. */
function namesInJournal() {
  return new Set(readFileSync(JOURNAL, 'utf8').split('\n').slice(1, -1).map(line => JSON.parse(line).name));
}

/** The part of the time of all tests that those of one mutant may take; most mutants have fallen long before. */
const LIMIT = 1 / 3;

/** What a mutant may take at most, on a machine that is busy with other work. */
const LONGEST_MS = 120_000;

/**
 * The tests of a mutant, without the slowest of those that take longer than the limit. Those in the file's own file of tests always stay.
 * A mutant that only the others would have noticed counts as survived: the score can be too low by that, never too high.
 */
function affordable(testFilter, { fileName }) {
  const own = `${basename(fileName, '.ts')}.test.ts`;
  const all = Object.entries(readDurations()).flatMap(([path, durations]) =>
    durations.map(([name, duration]) => ({ name, duration, isOwn: basename(path) === own })));
  const wanted = new Set(testFilter);
  let left = LIMIT * all.reduce((sum, { duration }) => sum + duration, 0);
  return all.filter(({ name }) => wanted.has(name))
    .sort((one, other) => one.duration - other.duration)
    .filter(({ duration, isOwn }, index) => isOwn || (left -= duration) >= 0 || index === 0)
    .map(({ name }) => name);
}

/**
 * Stryker's runner for jest, for those mutants of the sample that have no result yet. A checker could choose them too, but Stryker starts
 * a process more for that, and one of tests in its place as soon as all are checked.
 */
class JestOfSample {
  known = namesInJournal();

  constructor(jest) {
    this.jest = jest;
  }

  init() {
    return this.jest.init();
  }

  capabilities() {
    return this.jest.capabilities();
  }

  /** A busy machine must not end a run before it has begun. What has not passed here is asked about no mutant. */
  async dryRun(options) {
    const result = await this.jest.dryRun(options);
    for (const test of result.tests ?? []) {
      if (test.status !== TestStatus.Failed || !looksAtTheClock(test.fileName)) continue;
      test.status = TestStatus.Skipped;
      console.log(`left out, since it was too slow without a mutant: ${test.name}`);
    }
    return result;
  }

  async mutantRun(options) {
    const { activeMutant } = options;
    if (!isInSample(activeMutant) || this.known.has(nameOf(activeMutant))) return { status: 'error', errorMessage: 'not now' };
    const testFilter = affordable(options.testFilter, activeMutant);
    const result = await this.#run({ ...options, testFilter });
    if (result.status !== MutantRunStatus.Killed || ![result.killedBy].flat().every(isByTheClock)) return result;
    // What was too slow once may have been so by chance.
    return this.#run({ ...options, testFilter });
  }

  #run(options) {
    // Stryker only tells modules that are about to load which mutant is active. Those that are shared have been loaded long since.
    state.instrumenterContext.activeMutant = options.activeMutant.id;
    return this.jest.mutantRun(options);
  }
}

function jestOfSample(injector) {
  return new JestOfSample(injector.injectFunction(jestPlugins[0].factory));
}
jestOfSample.inject = ['$injector'];

/** A report counts lines and columns from 1, the run itself from 0. */
const asInTheRun = ({ line, column }) => ({ line: line - 1, column: column - 1 });

class JournalReporter {
  known = namesInJournal();
  started = Date.now();
  count = 0;

  onDryRunCompleted({ result }) {
    console.log(`${result.tests.length} tests without a mutant: ${this.#seconds()} s`);
  }

  /**
   * In the order of their hashes those that have been tried are a fair sample of all, whenever a run is stopped. Stryker goes by the file,
   * and has those last that it thinks to need a new process; here jest loads all anew for each file of tests, or nothing at all.
   */
  onMutationTestingPlanReady({ mutantPlans }) {
    const names = new Map(mutantPlans.map(plan => [plan, nameOf(plan.mutant)]));
    mutantPlans.sort((one, other) => names.get(one) < names.get(other) ? -1 : 1);
    for (const { runOptions } of mutantPlans) {
      if (!runOptions) continue;
      runOptions.reloadEnvironment = false;
      // Stryker adds all that the first run of all tests took beside the tests themselves: minutes, while files are compiled.
      runOptions.timeout = Math.min(runOptions.timeout, LONGEST_MS);
    }
    this.planned = mutantPlans.filter(({ plan, mutant }) => plan === 'Run' && isInSample(mutant)).length;
  }

  onMutantTested({ location, ...rest }) {
    const mutant = { ...rest, location: { start: asInTheRun(location.start), end: asInTheRun(location.end) } };
    if (!isInSample(mutant) || this.known.has(nameOf(mutant))) return;
    const { mutatorName: mutator, replacement, status, statusReason, killedBy } = mutant;
    const result = { status, reason: statusReason?.slice(0, 200), killedBy: killedBy?.[0] };
    const line = { name: nameOf(mutant), file: fileOf(mutant), line: location.start.line, mutator, replacement, ...result };
    appendFileSync(JOURNAL, `${JSON.stringify(line)}\n`);
    this.count++;
    if (this.count % 100 === 0) console.log(`${this.count} tried (to run: ${this.planned} in all), ${this.#seconds()} s`);
  }

  #seconds() {
    return Math.round((Date.now() - this.started) / 1000);
  }
}

/** @see https://stryker-mutator.io/docs/stryker-js/guides/create-a-plugin */
export const strykerPlugins = [
  { kind: 'TestRunner', name: 'jest-of-sample', factory: jestOfSample },
  { kind: 'Reporter', name: 'journal', injectableClass: JournalReporter },
];
