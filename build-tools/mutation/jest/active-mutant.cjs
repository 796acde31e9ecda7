const { dirname, join } = require('node:path');

/** What Stryker's runner shares with the instrumented code. */
const { state } = require(join(dirname(require.resolve('@stryker-mutator/jest-runner')), 'messaging.cjs'));

/** Does what no test is to be credited with, and no mutant to be seen in. */
function withoutMutant(action) {
  const context = state.instrumenterContext;
  const { activeMutant, currentTestId } = context;
  // Of an active mutant that is undefined the instrumented code would look for another one in the environment.
  Object.assign(context, { activeMutant: 'none', currentTestId: undefined });
  try {
    return action();
  } finally {
    Object.assign(context, { activeMutant, currentTestId });
  }
}

module.exports = { state, withoutMutant };
