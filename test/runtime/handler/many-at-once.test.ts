import { setTimeout as wait } from 'timers/promises';
import type { Context } from 'aws-lambda';
import { EnvelopeError, success, type Envelope } from '../../../runtime/node/envelope/envelope';
import { standardHandler } from '../../../runtime/node/handler/standard-handler';
import { logger } from '../../../runtime/node/telemetry/log';
import { emitMetric } from '../../../runtime/node/telemetry/metrics';
import { httpEvent } from '../../support/runtime-events';
import { logRecords } from '../../support/runtime-log';
import { CapturedOutput } from '../../support/runtime-output';

const output = CapturedOutput.install();

const CALLS = 400;
const NAMES = Array.from({ length: CALLS }, (_, index) => `call-${index}-of-${CALLS}`);
const CODES = { 'succeeds': undefined, 'fails': 'INTERNAL_ERROR', 'refuses': 'NOT_FOUND', 'is late': 'TIMEOUT' } as const;
const ENDS = Object.keys(CODES) as (keyof typeof CODES)[];
const endOf = (name: string) => ENDS[NAMES.indexOf(name) % ENDS.length];

interface Asked { readonly name: string }

const step = async (name: string): Promise<string> => {
  await wait(Math.random() * 10);
  logger.info('step', { of: name });
  return success().request_id;
};

const handler = standardHandler(async ({ name }: Asked, _context: Context) => {
  logger.info('step', { of: name });
  emitMetric('RetrievalChunkCount', 1, { index_name: name });
  const inner = await Promise.all([step(name), step(name), step(name)]);
  switch (endOf(name)) {
    case 'fails': throw new Error(`Failed in ${name}.`);
    case 'refuses': throw new EnvelopeError('NOT_FOUND', `Nothing in ${name}.`);
    case 'is late': throw Object.assign(new Error(`Too late in ${name}.`), { name: 'TimeoutError' });
    case 'succeeds': return { inner };
  }
});

async function call(name: string): Promise<Envelope> {
  const event = httpEvent({ name, requestContext: { requestId: name } }) as Asked;
  const { body } = await handler(event, { awsRequestId: `lambda-${name}` } as Context) as { body: string };
  return JSON.parse(body) as Envelope;
}

test('of hundreds of requests, all at once in one process, each has its own answer, log, metrics and errors', async () => {
  const envelopes = await Promise.all(NAMES.map(call));
  const lines = logRecords(output.text).filter(({ message }) => message !== undefined);
  expect(lines.filter(({ request_id }) => !NAMES.includes(request_id as string))).toEqual([]);

  NAMES.forEach((name, index) => {
    const { request_id, data, error } = envelopes[index];
    const own = lines.filter(({ request_id: of }) => of === name);
    expect(request_id).toBe(name);
    expect(own.map(({ function_request_id }) => function_request_id)).toEqual(Array(own.length).fill(`lambda-${name}`));
    expect(own.filter(({ message }) => message === 'step').map(({ fields }) => fields)).toEqual(Array(4).fill({ of: name }));
    expect(error?.code).toBe(CODES[endOf(name)]);
    const failures = own.filter(({ support_ref }) => support_ref !== undefined);
    expect(failures.map(({ support_ref }) => support_ref)).toEqual(error ? [error.support_ref] : []);
    if (error) expect(JSON.stringify(failures)).toContain(`in ${name}.`);
    else expect(data).toEqual({ inner: [name, name, name] });
  });

  const indexes = output.metrics.flatMap(({ dimensions: { index_name } }) => index_name ?? []);
  expect(indexes.sort()).toEqual([...NAMES].sort());
  const codes = output.metrics.filter(({ dimensions }) => dimensions.service_name).flatMap(({ dimensions }) => dimensions.error_code ?? []);
  expect(codes.sort()).toEqual(NAMES.flatMap(name => CODES[endOf(name)] ?? []).sort());
});
