// Stryker's runner requires the environment as it stands, where jest would compile it.
const { require: requireTypeScript } = require('tsx/cjs/api');

module.exports = requireTypeScript('../../../test/support/jest/same-realm-environment.ts', __filename).default;
