const { createRequire } = require('node:module');
const { dispatch, wait } = require('./outcome.cjs');

const library = createRequire(`${process.env.ADAPTERS}/`);
const wrap = handler => library('newrelic').setLambdaHandler(handler);
const answer = (act, callback) => { try { callback(null, act()); } catch (error) { callback(error); } };

exports.shapes = {
  'New Relic\'s wrapper': act => wrap(async () => act()),
  'New Relic\'s wrapper of a function': act => wrap(() => act()),
  'New Relic\'s wrapper of a promise that comes late': act => wrap(() => wait(2).then(act)),
  'New Relic\'s wrapper of a callback handler': act => wrap((event, context, callback) => { setTimeout(() => answer(act, callback), 2); }),
};
exports.handler = (...args) => dispatch(exports.shapes)(...args);
