const { existsSync, readFileSync, statSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const Sequencer = require('@jest/test-sequencer').default;

/** Those that open sockets or generate a lot take seconds, and most mutants die without them. */
const SLOW = /faulty-bedrock-server|generated-results|runtime-fake-aws/;
/** In the sandbox of a mutation run, which has several processes; the first run of all tests writes it. */
const NAMES = join(__dirname, 'test-names.json');

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
    const cost = new Map(tests.map(test => [test, (SLOW.test(readFileSync(test.path, 'utf8')) ? 1e9 : 0) + statSync(test.path).size]));
    return this.named(tests).sort((one, other) => cost.get(one) - cost.get(other));
  }

  cacheResults(tests, results) {
    super.cacheResults(tests, results);
    if (this.pattern || existsSync(NAMES)) return;
    const names = results.testResults.map(({ testFilePath, testResults }) => [testFilePath, testResults.map(({ fullName }) => fullName)]);
    writeFileSync(NAMES, JSON.stringify(Object.fromEntries(names)));
  }

  named(tests) {
    if (!this.pattern || !existsSync(NAMES)) return [...tests];
    const names = JSON.parse(readFileSync(NAMES, 'utf8'));
    const pattern = new RegExp(this.pattern, 'i');
    return tests.filter(({ path }) => names[path]?.some(name => pattern.test(name)) ?? true);
  }
};
