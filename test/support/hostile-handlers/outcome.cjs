/** What every shape does in the end. Nothing of the secret may leave. */
const secret = () => Object.assign(new Error('no right to arn:aws:iam::123456789012:role/x at /var/task/index.js'), {
  config: { headers: { Authorization: 'Bearer sk_live_abcdefghijkl' } },
});

exports.acts = { success: () => ({ ok: true }), thrown: () => { throw secret(); }, returned: () => secret() };
exports.secret = secret;
exports.wait = ms => new Promise(resolve => setTimeout(resolve, ms));

/** One handler for all shapes of a file: the event names the shape and the outcome. */
exports.dispatch = shapes => (event, ...rest) => shapes[event.shape](exports.acts[event.outcome], event.outcome)(event, ...rest);
