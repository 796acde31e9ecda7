import { MetricBuffer } from '../../../runtime/node/telemetry/metric-buffer';
import type { EmittedValue, MetricCall } from '../../../runtime/node/telemetry/metric-calls';
import { METRIC_CATALOG } from '../../../src/contract/data';
import { CapturedOutput } from '../../support/runtime-output';

const { maxWaitingData } = METRIC_CATALOG.transport;
const output = CapturedOutput.install();

function emitted(series: number): EmittedValue {
  const dimensionSets = [{ index_name: String(series) }];
  return { namespace: 'Shop/Retrieval', name: 'ChunkCount', unit: 'Count', value: 1, second: 100, dimensionSets };
}

function filled(send: (call: MetricCall) => Promise<void>): MetricBuffer {
  const buffer = new MetricBuffer(() => send);
  for (let series = 0; series < maxWaitingData + 5; series++) buffer.add(emitted(series));
  return buffer;
}

test('what is more than can wait is dropped and counted, and what is known still counts', async () => {
  const data: unknown[] = [];
  const buffer = filled(async ({ MetricData }) => void data.push(...MetricData));
  buffer.add(emitted(0));
  await buffer.flush();
  expect(data).toHaveLength(maxWaitingData);
  expect(data[0]).toMatchObject({ Values: [1], Counts: [2] });
  expect(output.events('metrics_not_sent')).toMatchObject([{ lost: 5, waiting: 0, reason: 'more metrics than can wait' }]);
});

test('what waits for the next flush takes room too', async () => {
  const buffer = filled(() => Promise.reject(new Error('connect ECONNREFUSED')));
  await buffer.flush();
  buffer.add(emitted(0));
  buffer.writeRest();
  expect(output.events('metrics_not_sent').map(({ lost, waiting }) => [lost, waiting])).toEqual([[5, maxWaitingData], [1, 0]]);
  expect(output.metrics).toHaveLength(maxWaitingData);
});

test('two flushes at once send everything once', async () => {
  let data = 0;
  const buffer = filled(async ({ MetricData }) => { data += MetricData.length; });
  await Promise.all([buffer.flush(), buffer.flush()]);
  expect([data, buffer.isEmpty]).toEqual([maxWaitingData, true]);
});

test('an outage is one line a minute', async () => {
  const buffer = filled(() => Promise.reject(new Error('connect ECONNREFUSED')));
  for (let second = 0; second < 5; second++) await buffer.flush();
  expect(output.events('metrics_not_sent')).toHaveLength(1);
});
