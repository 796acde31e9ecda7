const { dispatch, wait } = require('./outcome.cjs');

/** Gives a callback what the act does. */
const answer = (act, callback) => { try { callback(null, act()); } catch (error) { callback(error); } };

exports.shapes = {
  'callback at once': act => (event, context, callback) => { answer(act, callback); },
  'callback of a timer': act => (event, context, callback) => { setTimeout(() => answer(act, callback), 2); },
  'callback, and a returned timer': act => (event, context, callback) => setTimeout(() => answer(act, callback), 2),
  'callback, and a returned flag': act => (event, context, callback) => { setTimeout(() => answer(act, callback), 2); return true; },
  'callback twice': act => (event, context, callback) => { answer(act, callback); answer(() => 'again', callback); },
  'callback and context of the old kind': act => (event, context, callback) => { context.callbackWaitsForEmptyEventLoop = false; answer(act, callback); },
  'context.succeed and context.fail': act => (event, context, callback) => { try { context.succeed(act()); } catch (error) { context.fail(error); } },
  'context.done': act => (event, context, callback) => { answer(act, context.done); },
  'context.done of a timer': act => (event, context, callback) => { wait(2).then(() => answer(act, context.done)); },
};
exports.handler = (event, context, callback) => dispatch(exports.shapes)(event, context, callback);
