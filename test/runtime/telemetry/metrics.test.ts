import { readFileSync } from 'fs';
import { join } from 'path';
import { emitMetric, emitMetrics, type MetricId } from '../../../runtime/node/telemetry/metrics';
import { forgetSettings } from '../../../runtime/node/telemetry/settings';
import { METRIC_CATALOG } from '../../../src/contract/data';
import { CapturedOutput } from '../../support/runtime-output';

const output = CapturedOutput.install();
const environment = process.env;

beforeEach(() => {
  process.env = { ...environment, PLUMBLINE_PRODUCT: 'MangaAssist', PLUMBLINE_ENVIRONMENT: 'prod', PLUMBLINE_SERVICE_NAME: 'chat' };
  forgetSettings();
});

afterAll(() => {
  process.env = environment;
  forgetSettings();
});

type Dimensions = Record<string, string>;
const emitAny = emitMetric as (id: string, value: unknown, dimensions?: Dimensions) => void;

const { cases } = JSON.parse(readFileSync(join(__dirname, '../../../contract/vectors/metric-blobs.json'), 'utf8')) as {
  cases: {
    name: string;
    data: { metric: string; value: unknown; dimensions: Dimensions }[];
    blobs: string[];
    event?: string;
    migrations?: string;
    teamMetrics?: string;
  }[];
};

test.each(cases.map(example => [example.name, example] as const))(
  'the contract\'s case: %s', (_name, { data, blobs, event, migrations = '', teamMetrics = '' }) => {
    process.env.PLUMBLINE_METRIC_MIGRATIONS = migrations;
    process.env.PLUMBLINE_TEAM_METRICS = teamMetrics;
    forgetSettings();
    emitMetrics(data.map(({ metric, ...others }) => ({ id: metric, ...others })));
    const lines = output.text.trimEnd().split('\n');
    const written = lines.filter(line => line.startsWith('{"_aws"')).map(line => line.replace(/"Timestamp":\d+/, '"Timestamp":0'));
    expect(written).toEqual(blobs);
    expect(output.events(event ?? '')).toHaveLength(lines.length - blobs.length);
    expect(lines.length - blobs.length).toBe(event === undefined ? 0 : 1);
  },
);

/** One valid value for every dimension an entry knows. */
function allDimensions(id: MetricId): Dimensions {
  const entry = METRIC_CATALOG.metrics.find(candidate => candidate.id === id)!;
  const closed: Readonly<Record<string, readonly string[]>> = 'dimensionValues' in entry ? entry.dimensionValues : {};
  const names = [...entry.dimensions, ...entry.rollups.flat()].filter(name => name !== 'service_name' && name !== 'environment');
  return Object.fromEntries(names.map(name => [name, closed[name]?.[0] ?? `some ${name}`]));
}

describe.each(METRIC_CATALOG.metrics.map(entry => [entry.id, entry] as const))('%s', (id, entry) => {
  test('is emitted under its full dimension set and every roll-up set, and no other', () => {
    emitAny(id, 3, allDimensions(id));
    const sets = output.metrics.map(({ dimensions }) => Object.keys(dimensions).sort());
    expect(sets).toEqual([entry.dimensions, ...entry.rollups].map(set => [...set].sort()));
    for (const metric of output.metrics) {
      expect(metric).toMatchObject({ namespace: `MangaAssist/${entry.area}`, name: entry.name, unit: entry.unit, values: [3] });
    }
    expect(output.text.trim().split('\n')).toHaveLength(1);
  });
});

test('service and environment come from the function', () => {
  emitMetric('LatencyEndToEndMs', 12.5, { request_type: 'API' });
  expect(output.metrics[0].dimensions).toEqual({ service_name: 'chat', request_type: 'API', environment: 'prod' });
});

test('a caller may speak for another service', () => {
  emitMetric('LatencyEndToEndMs', 1, { request_type: 'API', service_name: 'cart' });
  expect(output.metrics.map(({ dimensions }) => dimensions.service_name)).toEqual(['cart', 'cart', undefined]);
});

test('a roll-up whose dimension is unknown is left out without a word', () => {
  emitMetric('BedrockInvocationCount', 1, { model_id: 'm', task_type: 'synthesis' });
  expect(output.metrics.map(({ dimensions }) => Object.keys(dimensions).length)).toEqual([4, 2, 1]);
  expect(output.text).not.toContain('WARN');
});

test('two data do not mix their dimensions', () => {
  emitMetric('ErrorCount', 1, { error_code: 'THROTTLE' });
  emitMetric('ErrorCount', 1, { error_code: 'TIMEOUT' });
  expect(output.metrics.map(({ dimensions }) => dimensions.error_code).filter(Boolean)).toEqual([
    'THROTTLE',
    'THROTTLE',
    'TIMEOUT',
    'TIMEOUT',
  ]);
});

test('zero is a value', () => {
  emitMetric('BedrockThrottlingCount', 0, { model_id: 'm' });
  expect(output.metrics[0].values).toEqual([0]);
});

describe('is dropped with a warning, and without an exception', () => {
  test('a name that the catalogue does not have', () => {
    emitAny('InvocationCuont', 1, {});
    emitAny(undefined as never, 1, {});
    expect(output.metrics).toEqual([]);
    expect(output.events('unknown_metric')).toMatchObject([{ level: 'WARN', metric: 'InvocationCuont' }, { metric: 'undefined' }]);
    expect(output.events('unknown_metric')[0].known).toContain('BedrockInvocationCount');
  });

  test.each([NaN, Infinity, -Infinity, '3', null, undefined, 3n, {}])('the value %p', value => {
    emitAny('ErrorCount', value, { error_code: 'TIMEOUT' });
    expect(output.metrics).toEqual([]);
    expect(output.events('metric_dropped')).toMatchObject([
      { metric: 'ErrorCount', reason: expect.stringContaining('not a finite number') as string },
    ]);
  });

  test('a value outside of a closed set', () => {
    emitAny('SessionCount', 1, { state: 'sleeping' });
    expect(output.metrics).toEqual([]);
    expect(output.events('metric_dropped')).toMatchObject([{ reason: 'state is "sleeping", not one of active, expired' }]);
  });

  test('a dimension that cannot be read', () => {
    emitAny('ErrorCount', 1, { get error_code(): string { throw new Error('no'); } });
    expect(output.metrics).toEqual([]);
    expect(output.events('metric_dropped')).toHaveLength(1);
  });

  test('a dimension whose error cannot be read either', () => {
    const hostile = new Proxy({}, { get: () => { throw new Error('no'); } });
    expect(() => emitAny('ErrorCount', 1, { get error_code(): string { throw hostile as Error; } })).not.toThrow();
    expect(output.events('metric_dropped')).toHaveLength(1);
  });
});

test('dimensions that come in another order are the same, and other ones are not', () => {
  emitMetric('BedrockInvocationCount', 1, { model_id: 'a', task_type: 'b' });
  emitMetric('BedrockInvocationCount', 2, { task_type: 'b', model_id: 'a' });
  emitMetric('BedrockInvocationCount', 3, { model_id: 'b', task_type: 'a' });
  const full = output.metrics.filter(({ dimensions }) => dimensions.model_id)
    .map(({ dimensions, values }) => [dimensions.model_id, dimensions.task_type, ...values]);
  expect(full).toEqual([['a', 'b', 1], ['a', 'b', 2], ['b', 'a', 3]]);
});

test('thousands of dimension values take no more memory than hundreds, and lose nothing', () => {
  for (let index = 0; index < 1000; index++) emitMetric('RetrievalChunkCount', index, { index_name: `index ${index}` });
  expect(
    output.metrics
      .filter(({ dimensions }) => dimensions.index_name)
      .map(({ dimensions, values }) => `${dimensions.index_name} ${values[0]}`),
  ).toEqual(Array.from({ length: 1000 }, (_none, index) => `index ${index} ${index}`));
});

test('without a dimension of its own a datum still counts in its roll-ups', () => {
  emitAny('RetrievalChunkCount', 5);
  expect(output.metrics.map(({ dimensions }) => Object.keys(dimensions))).toEqual([['service_name', 'environment'], ['environment']]);
  expect(output.events('metric_incomplete')).toMatchObject([{ missing: ['index_name'] }]);
});

test.each([
  ['a space in front and a colon', ' :model', 'model'],
  ['letters outside of ASCII', 'modèle 模型', 'mod?le ??'],
  ['a line break', 'a\nb', 'a?b'],
  ['a number', 7 as unknown as string, '7'],
  ['a very long name', 'x'.repeat(3000), 'x'.repeat(1024)],
])('a dimension with %s becomes one that CloudWatch takes', (_what, given, expected) => {
  emitMetric('RetrievalChunkCount', 1, { index_name: given });
  expect(output.metrics[0].dimensions.index_name).toBe(expected);
});

test('an empty dimension counts as missing', () => {
  emitMetric('RetrievalChunkCount', 1, { index_name: ' ' });
  expect(output.metrics.map(({ dimensions }) => dimensions.index_name)).toEqual([undefined, undefined]);
});

test('the switches of Powertools do not silence mandatory metrics', () => {
  process.env.POWERTOOLS_METRICS_DISABLED = 'true';
  jest.isolateModules(() => {
    const { emitMetric: emit } = jest.requireActual('../../../runtime/node/telemetry/metrics') as { emitMetric: typeof emitMetric };
    emit('SessionCount', 1, { state: 'active' });
  });
  expect(output.metrics).toHaveLength(3);
});

test('names and dimensions are checked by the compiler', () => {
  // @ts-expect-error -- no such metric
  emitMetric('InvocationCuont', 1, {});
  // @ts-expect-error -- index_name is missing
  emitMetric('RetrievalChunkCount', 1, {});
  // @ts-expect-error -- not a state
  emitMetric('SessionCount', 1, { state: 'sleeping' });
  // @ts-expect-error -- no such dimension
  emitMetric('ErrorCount', 1, { error_code: 'TIMEOUT', colour: 'red' });
  emitMetric('BedrockInvocationCount', 1, { model_id: 'm', task_type: 'synthesis', bedrock_client_version: '1.0.0', service_name: 'chat' });
});
