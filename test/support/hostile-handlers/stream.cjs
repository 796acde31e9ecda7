const { Readable, PassThrough } = require('node:stream');
const { pipeline } = require('node:stream/promises');
const { acts, secret, wait } = require('./outcome.cjs');

/** One token, then what the act does; a returned error is returned by the handler. */
async function* source(act, outcome) {
  yield 'one';
  await wait(1);
  if (outcome === 'thrown') act();
}
const end = (act, outcome) => (outcome === 'returned' ? act() : undefined);
const sink = stream => new WritableStream({ write: chunk => { stream.write(chunk); }, close: () => {}, abort: reason => { stream.destroy(reason); } });
const http = (stream, statusCode) => awslambda.HttpResponseStream.from(stream, { statusCode, headers: { 'content-type': 'text/plain' } });

exports.shapes = {
  'write': async (stream, act, outcome) => { for await (const token of source(act, outcome)) stream.write(token); return end(act, outcome); },
  'pipeline': async (stream, act, outcome) => {
    if (outcome === 'returned') return act();
    return pipeline(Readable.from(source(act, outcome)), stream);
  },
  'pipeline through a transform': async (stream, act, outcome) => {
    if (outcome === 'returned') return act();
    return pipeline(Readable.from(source(act, outcome)), new PassThrough(), stream);
  },
  'pipe': async (stream, act, outcome) => {
    if (outcome === 'returned') return act();
    const readable = Readable.from(source(act, outcome)).pipe(stream, { end: false });
    await wait(outcome === 'thrown' ? 5000 : 20);
    return void readable;
  },
  'pipeTo': async (stream, act, outcome) => { await Readable.toWeb(Readable.from(source(act, outcome))).pipeTo(sink(stream)); return end(act, outcome); },
  'destroy': async (stream, act, outcome) => { stream.write('one'); if (outcome === 'thrown') stream.destroy(secret()); return end(act, outcome); },
  'end': async (stream, act, outcome) => { if (outcome !== 'success') return act(); stream.end('one'); },
  'HTTP status': async (stream, act, outcome) => {
    const response = http(stream, outcome === 'returned' ? 500 : 200);
    if (outcome === 'thrown') act();
    response.write(outcome === 'returned' ? secret().stack : 'one');
    response.end();
  },
};
exports.handler = awslambda.streamifyResponse(async (event, stream) => exports.shapes[event.shape](stream, acts[event.outcome], event.outcome));
