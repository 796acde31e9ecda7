const Sequencer = require('@jest/test-sequencer').default;
const { readDurations, writeDurations } = require('./durations.cjs');

/**
 * For mutation testing, where the first failure ends a run: jest's own order puts the longest first. A mutant's run names the tests
 * that reach it, and jest would load every other file too, only to skip all of its tests.
 */
module.exports = class QuickTestsFirst extends Sequencer {
  constructor(options) {
    super(options);
    this.pattern = options.globalConfig.testNamePattern;
  }

  sort(tests) {
    if (!this.pattern) return [...tests].sort((one, other) => one.path < other.path ? -1 : 1);
    const durations = readDurations();
    const pattern = new RegExp(this.pattern, 'i');
    const cost = new Map(tests.map(test => [test, costOf(durations[test.path] ?? [], pattern)]));
    return tests.filter(test => cost.get(test) !== undefined).sort((one, other) => cost.get(one) - cost.get(other));
  }

  cacheResults(tests, results) {
    super.cacheResults(tests, results);
    if (!this.pattern) writeDurations(results);
  }
};

/** The milliseconds that a file's named tests took, undefined where it has none of them. */
function costOf(durations, pattern) {
  const named = durations.filter(([fullName]) => pattern.test(fullName));
  return named.length > 0 ? named.reduce((sum, [, duration]) => sum + duration, 0) : undefined;
}
