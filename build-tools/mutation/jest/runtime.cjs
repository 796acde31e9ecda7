const { default: SharedModulesRuntime, SharedModules } = require('../../../test/support/jest/shared-modules-runtime.js');
const { withoutMutant } = require('./active-mutant.cjs');

const load = SharedModules.prototype.load;

/**
 * A module is loaded once for all mutants: none may be active meanwhile, for it would stay in the module's constants for all others.
 * Such mutants count as static, also where a test is the first that needs the module.
 */
SharedModules.prototype.load = function loadWithoutMutant(path) {
  return withoutMutant(() => load.call(this, path));
};

module.exports = { __esModule: true, default: SharedModulesRuntime };
