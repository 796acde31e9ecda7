import type { Context } from 'aws-lambda';
import type { ResponseStream } from '../../../runtime/node/handler/kinds/guarded-stream';
import { standardHandler } from '../../../runtime/node/handler/standard-handler';
import { forgetSettings } from '../../../runtime/node/telemetry/settings';
import { lambdaContext } from '../../support/runtime-context';
import { CapturedOutput } from '../../support/runtime-output';

CapturedOutput.install();
const environment = process.env;
afterEach(() => {
  process.env = environment;
  forgetSettings();
});

const double = async ({ value }: { value: number }, _context: Context) => value * 2;

test('answers as an API unless it is told otherwise', async () => {
  await expect(standardHandler(double)({ value: 21 }, lambdaContext())).resolves.toMatchObject({
    statusCode: 200, body: '{"status":"success","request_id":"lambda-1","data":42,"error":null}',
  });
});

test('takes the kind it is given', async () => {
  await expect(standardHandler(double, { kind: 'EVENT' })({ value: 21 }, lambdaContext())).resolves.toBe(42);
  await expect(standardHandler(double, { kind: 'API' })({ value: 21 }, lambdaContext())).resolves.toMatchObject({ statusCode: 200 });
});

test('takes the kind of the function it runs in', async () => {
  process.env = { ...environment, PLUMBLINE_KIND: 'EVENT' };
  forgetSettings();
  await expect(standardHandler(double)({ value: 21 }, lambdaContext())).resolves.toBe(42);
});

test('streams', async () => {
  const written: string[] = [];
  const stream = { write: (chunk: string) => written.push(chunk), end: () => undefined } as unknown as ResponseStream;
  await standardHandler(async (_event: unknown, response: ResponseStream, _context: Context) => { response.write('token'); }, { kind: 'STREAM' })({}, stream, lambdaContext());
  expect(written[0]).toBe('token');
  expect(written[1]).toMatch(/^\n\nevent: stream_end/);
});
