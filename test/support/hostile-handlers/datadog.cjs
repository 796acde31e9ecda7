const { createRequire } = require('node:module');
const { dispatch, wait } = require('./outcome.cjs');

const library = createRequire(`${process.env.ADAPTERS}/`);
// As Datadog's own layer does.
library('dd-trace').init({ telemetry: { enabled: false }, remoteConfig: { enabled: false } });
const wrap = handler => library('datadog-lambda-js').datadog(handler);
const answer = (act, callback) => { try { callback(null, act()); } catch (error) { callback(error); } };

exports.shapes = {
  'Datadog\'s wrapper': act => wrap(async () => act()),
  'Datadog\'s wrapper of a function': act => wrap(() => act()),
  'Datadog\'s wrapper of a promise that comes late': act => wrap(() => wait(2).then(act)),
  'Datadog\'s wrapper of a callback handler': act => wrap((event, context, callback) => { setTimeout(() => answer(act, callback), 2); }),
};
exports.handler = (...args) => dispatch(exports.shapes)(...args);
