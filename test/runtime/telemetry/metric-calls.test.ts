import { cases } from '../../../contract/vectors/metric-calls.json';
import { embeddedLines } from '../../../runtime/node/telemetry/embedded-metric';
import { CollectedMetrics, EmittedValue, MetricCall, MetricDatum, valuesIn } from '../../../runtime/node/telemetry/metric-calls';
import { emittedMetrics } from '../../support/runtime-log';

interface Case {
  readonly name: string;
  readonly emitted: readonly (Omit<EmittedValue, 'value'> & { readonly values: readonly number[] })[];
  readonly room?: number;
  readonly refused?: number;
  readonly sizes?: readonly number[];
  readonly calls?: readonly unknown[];
}

test.each(cases as unknown as readonly Case[])('$name', ({ emitted, room = Infinity, refused = 0, sizes, calls }) => {
  const collected = new CollectedMetrics();
  const refusals = emitted.flatMap(({ values, ...series }) => values.map(value => collected.add({ ...series, value }, room)));
  expect(refusals.reduce((sum, count) => sum + count, 0)).toBe(refused);
  const taken = collected.take();
  if (calls) expect(taken).toEqual(calls);
  if (sizes) expect(taken.map(({ MetricData }) => MetricData.length)).toEqual(sizes);
  expect([collected.size, collected.take()]).toEqual([0, []]);
});

const DATUM: MetricDatum = {
  MetricName: 'EndToEndMs',
  Unit: 'Milliseconds',
  Timestamp: 100,
  Dimensions: [{ Name: 'environment', Value: 'prod' }],
  Values: [7, 9],
  Counts: [60, 60],
};
const CALL: MetricCall = { Namespace: 'Shop/Latency', MetricData: [DATUM] };

test('as lines of the log a call says the same, at most 100 values in a line', () => {
  const lines = embeddedLines(CALL);
  const metrics = emittedMetrics(lines);
  expect(metrics.map(({ values }) => values.length)).toEqual([100, 20]);
  expect(metrics.flatMap(({ values }) => values).reduce((sum, value) => sum + value, 0)).toBe(60 * 7 + 60 * 9);
  expect(metrics[0]).toMatchObject({ namespace: 'Shop/Latency', name: 'EndToEndMs', unit: 'Milliseconds' });
  expect(metrics[0].dimensions).toEqual({ environment: 'prod' });
  expect(lines).toContain('"Timestamp":100000');
  expect(valuesIn(CALL)).toBe(120);
});
