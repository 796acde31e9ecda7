const { createEmptyTestResult } = require('@jest/test-result');
const circus = require('jest-circus/runner').default;
const { state } = require('./active-mutant.cjs');

/** The runs of jest in which a test has failed, by their settings. */
const failed = new WeakSet();

/** Stryker asks jest for all tests that reach a mutant. The first one that fails is enough: what comes after it is left out. */
module.exports = async function jestCircusUntilFailure(globalConfig, config, environment, runtime, testPath, ...rest) {
  if (failed.has(globalConfig)) return leftOut(testPath);
  if (environment.global.__stryker__ !== state.instrumenterContext) connect(environment, testPath);
  if (globalConfig.testNamePattern !== undefined) stopAtFailure(globalConfig, environment);
  return circus(globalConfig, config, environment, runtime, testPath, ...rest);
};

/** Jest takes a file without a test for an error. */
function leftOut(testFilePath) {
  const nothing = { ancestorTitles: [], failureDetails: [], failureMessages: [], numPassingAsserts: 0 };
  const test = { ...nothing, fullName: '', title: '', status: 'pending' };
  return { ...createEmptyTestResult(), testFilePath, numPendingTests: 1, testResults: [test] };
}

/** A file that names its own environment has none of Stryker's, which would tell the code where a mutant is and which test runs. */
function connect(environment, testPath) {
  state.testFilesWithStrykerEnvironment.add(testPath);
  environment.global.__stryker__ = state.instrumenterContext;
  if (state.coverageAnalysis !== 'perTest') return;
  listen(environment, ({ name, test }) => {
    if (name === 'test_start') state.instrumenterContext.currentTestId = fullNameOf(test);
    if (name === 'test_done') state.instrumenterContext.currentTestId = undefined;
  });
}

function stopAtFailure(globalConfig, environment) {
  listen(environment, ({ name, test }) => {
    if (name === 'test_start' && failed.has(globalConfig)) test.mode = 'skip';
    if (name === 'test_done' && test.errors.length > 0) failed.add(globalConfig);
  });
}

function listen(environment, listener) {
  const before = environment.handleTestEvent;
  environment.handleTestEvent = async (...args) => {
    await before?.apply(environment, args);
    listener(args[0]);
  };
}

function fullNameOf({ name, parent }) {
  // The outermost block is jest's own.
  return parent.parent ? `${fullNameOf(parent)} ${name}`.trimStart() : name;
}
