import { readSettings } from '../../../runtime/node/telemetry/settings';

test('reads what the constructs set', () => {
  expect(readSettings({
    PLUMBLINE_PRODUCT: 'MangaAssist',
    PLUMBLINE_ENVIRONMENT: 'prod',
    PLUMBLINE_SERVICE_NAME: 'chat',
    PLUMBLINE_KIND: 'EVENT',
    PLUMBLINE_PROBE: 'DEEP',
    PLUMBLINE_PROBE_MODELS: 'one, two,,',
    PLUMBLINE_ALLOW_ORIGIN: 'https://a.example,https://b.example',
    PLUMBLINE_METRICS: 'PUT_METRIC_DATA',
    PLUMBLINE_METRIC_MIGRATIONS: '[{"metric":"ErrorCount","namespace":"Old","name":"errors"}]',
    PLUMBLINE_TEAM_METRICS: '[{"id":"Checkout.OrderCount","sets":[["environment"]]}]',
  })).toEqual({
    product: 'MangaAssist',
    environment: 'prod',
    serviceName: 'chat',
    kind: 'EVENT',
    probe: 'DEEP',
    probeModels: ['one', 'two'],
    allowedOrigins: ['https://a.example', 'https://b.example'],
    metrics: 'PUT_METRIC_DATA',
    envelope: 'ON',
    metricMigrations: [{ metric: 'ErrorCount', namespace: 'Old', name: 'errors' }],
    teamMetrics: new Map([['Checkout.OrderCount', {
      area: 'Checkout', name: 'OrderCount', unit: 'Count', dimensions: ['environment'], rollups: [], allDimensions: ['environment'],
    }]]),
  });
});

test('a unit test needs to set nothing', () => {
  expect(readSettings({})).toEqual({
    product: 'Plumbline',
    environment: 'unknown',
    serviceName: 'unknown',
    kind: 'AUTO',
    probe: 'NONE',
    probeModels: [],
    allowedOrigins: [],
    metrics: 'EMF',
    envelope: 'ON',
    metricMigrations: [],
    teamMetrics: new Map(),
  });
  expect(readSettings({ AWS_LAMBDA_FUNCTION_NAME: 'chat-fn' }).serviceName).toBe('chat-fn');
});

test('a value that does not exist is refused with those that do', () => {
  expect(() => readSettings({ PLUMBLINE_KIND: 'api' })).toThrow('"api" is not one of AUTO, API, EVENT, STREAM');
});

const ECS = { ECS_CONTAINER_METADATA_URI_V4: 'http://169.254.170.2/v4/x' };

test.each([
  ['in a container of ECS', ECS, 'PUT_METRIC_DATA'],
  ['there, where that is said to be AUTO', { ...ECS, PLUMBLINE_METRICS: 'AUTO' }, 'PUT_METRIC_DATA'],
  ['there, where the log is asked for', { ...ECS, PLUMBLINE_METRICS: 'EMF' }, 'EMF'],
  ['in Lambda, whatever it runs on', { ...ECS, AWS_LAMBDA_FUNCTION_NAME: 'chat' }, 'EMF'],
  ['in the tests of a pipeline, whatever it runs on', { ...ECS, CODEBUILD_BUILD_ID: 'build:1' }, 'EMF'],
  ['on EC2, which nothing tells from a laptop', {}, 'EMF'],
  ['there, where it is asked for', { PLUMBLINE_METRICS: 'PUT_METRIC_DATA' }, 'PUT_METRIC_DATA'],
])('metrics %s', (_where, environment, metrics) => {
  expect(readSettings(environment).metrics).toBe(metrics);
});

test('another way of metrics is an error', () => {
  expect(() => readSettings({ PLUMBLINE_METRICS: 'STATSD' })).toThrow('"STATSD" is not one of AUTO, EMF, PUT_METRIC_DATA');
});

const NO_OLD_NAMES = [
  '[', '{}', '7', 'null', '[{}]', '[7]', '[null]', '[{"metric":"ErrorCount","namespace":"O"}]', '[{"metric":"E","namespace":"O","name":7}]',
];
test.each(NO_OLD_NAMES)('old names written as %s are an error', PLUMBLINE_METRIC_MIGRATIONS => {
  expect(() => readSettings({ PLUMBLINE_METRIC_MIGRATIONS })).toThrow('PLUMBLINE_METRIC_MIGRATIONS is no list of old names');
});

test.each([
  '[', '{}', '7', 'null', '[{}]', '[7]', '[null]', '[{"id":"OrderCount"}]', '[{"id":"."}]', '[{"id":"Shop.Orders","unit":7}]',
  '[{"id":"Shop.Orders","sets":[]}]', '[{"id":"Shop.Orders","sets":["environment"]}]', '[{"id":"Shop.Orders","sets":[[7]]}]',
])('%s is no list of metrics of a team', given => {
  expect(() => readSettings({ PLUMBLINE_TEAM_METRICS: given })).toThrow('PLUMBLINE_TEAM_METRICS is no list of metrics of a team');
});
