import type { Envelope } from '../../../runtime/node/envelope/envelope';
import { httpEvent } from '../../support/runtime-events';
import { LambdaFunction, type FunctionOptions } from '../../support/runtime-function';
import { NODE_24 } from '../../support/runtime-generations';
import { emittedMetrics } from '../../support/runtime-log';
import { PYTHONS } from '../../support/runtime-pythons';

jest.setTimeout(120_000);

const CALLS = 300;
const AT_ONCE = 8;

/** Logs before and after it waits, so that others run meanwhile; each third call fails, and each third says so itself. */
const IN_NODE = `
  const { emitMetric, EnvelopeError, logger, success } = require('cdk-plumbline/runtime');
  exports.handler = async ({ name, ends }) => {
    logger.info('step', { of: name });
    await new Promise(resolve => setTimeout(resolve, Math.random() * 20));
    await Promise.all([1, 2].map(async () => { await null; logger.info('step', { of: name }); }));
    emitMetric('RetrievalChunkCount', 1, { index_name: name });
    if (ends === 'fails') throw new Error('failed in ' + name);
    if (ends === 'refuses') throw new EnvelopeError('NOT_FOUND', 'Nothing for ' + name + '.');
    return { name, inner: success().request_id };
  };`;

const IN_PYTHON = `
import asyncio, random
from plumbline import emit_metric, EnvelopeError, logger, success

async def step(name):
    await asyncio.sleep(0)
    logger.info("step", {"of": name})

async def handler(event, context):
    name, ends = event["name"], event["ends"]
    logger.info("step", {"of": name})
    await asyncio.sleep(random.random() * 0.02)
    await asyncio.gather(step(name), step(name))
    emit_metric("RetrievalChunkCount", 1, {"index_name": name})
    if ends == "fails":
        raise RuntimeError("failed in " + name)
    if ends == "refuses":
        raise EnvelopeError("NOT_FOUND", "Nothing for " + name + ".")
    return {"name": name, "inner": success()["request_id"]}
`;

/** As Lambda Managed Instances run them: in Node.js many at once in a process, in Python in as many processes. */
const FUNCTIONS: [string, FunctionOptions][] = [
  ['Node.js 24', { generation: NODE_24, code: { 'index.js': IN_NODE } }],
  ...PYTHONS.map(([name, python]): [string, FunctionOptions] => [name, { python, code: { 'index.py': IN_PYTHON } }]),
];

test.each(FUNCTIONS)('%s: of hundreds of requests, many at once, each has its own answer, log and metrics', async (_name, options) => {
  const environment = { AWS_LAMBDA_MAX_CONCURRENCY: String(AT_ONCE), AWS_LAMBDA_NODEJS_WORKER_COUNT: '2' };
  await LambdaFunction.with({ ...options, environment }, async fn => {
    const names = Array.from({ length: CALLS }, (_, index) => `call-${index}`);
    const endOf = (name: string) => ['succeeds', 'fails', 'refuses'][names.indexOf(name) % 3];
    const envelopes = new Map<string, Envelope>();
    const queue = [...names];
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      for (let name = queue.pop(); name; name = queue.pop()) {
        const answer = await fn.invoke(httpEvent({ name, ends: endOf(name), requestContext: { requestId: name } }));
        envelopes.set(name, JSON.parse((JSON.parse(answer.body) as { body: string }).body) as Envelope);
      }
    }));

    const log = await fn.log();
    for (const name of names) {
      const envelope = envelopes.get(name)!;
      const own = log.filter(({ request_id }) => request_id === name);
      expect(envelope.request_id).toBe(name);
      expect(own.filter(({ message }) => message === 'step').map(({ fields }) => fields)).toEqual(Array(3).fill({ of: name }));
      expect(new Set(own.map(({ xray_trace_id }) => xray_trace_id)).size).toBe(1);
      if (endOf(name) === 'succeeds') {
        expect(envelope.data).toEqual({ name, inner: name });
      } else {
        const failures = own.filter(({ support_ref }) => support_ref !== undefined);
        expect(failures.map(({ support_ref }) => support_ref)).toEqual([envelope.error!.support_ref]);
        expect(JSON.stringify(failures)).toContain(endOf(name) === 'fails' ? `failed in ${name}"` : `Nothing for ${name}.`);
      }
    }
    expect(new Set(log.map(({ xray_trace_id }) => xray_trace_id).filter(Boolean)).size).toBe(CALLS);

    const metrics = emittedMetrics(fn.output);
    const chunks = metrics.filter(({ dimensions }) => dimensions.index_name).map(({ dimensions }) => dimensions.index_name);
    expect(new Set(chunks).size).toBe(CALLS);
    const refused = metrics.filter(({ dimensions }) => dimensions.error_code === 'NOT_FOUND' && dimensions.service_name);
    expect(refused).toHaveLength(CALLS / 3);
  });
});
