import { spawn } from 'child_process';
import { bundleCli } from '../../../build-tools/bundle/cli';
import { CloudWatchApi, RegionMetrics } from '../support/cloudwatch-api';
import { Workplace } from '../support/command';
import { Trouble } from '../support/local-api';

const SHARE = {
  AlarmName: 'Share',
  Metrics: [
    { Id: 'r', Expression: 'm / 2' },
    { Id: 'm', MetricStat: { Metric: { Namespace: 'Chatbot', MetricName: 'latency_ms' }, Period: 60, Stat: 'p99' } },
  ],
};
const ALARMS: RegionMetrics['alarms'] = [
  { AlarmName: 'Throttled', Namespace: 'Chatbot', MetricName: 'bedrock_throttles' },
  { AlarmName: 'Quiet', Namespace: 'Shop/Bedrock', MetricName: 'InvocationCount' },
  SHARE,
];
const REGIONS: Record<string, RegionMetrics> = {
  'us-east-1': {
    metrics: [
      { Namespace: 'AWS/Lambda', MetricName: 'Errors' },
      { Namespace: 'Chatbot', MetricName: 'bedrock_throttles' },
      { Namespace: 'Chatbot', MetricName: 'bedrock_throttles' },
      { Namespace: 'Chatbot', MetricName: 'carts', isOld: true },
      { Namespace: 'Shop/Errors', MetricName: 'ErrorCount' },
    ],
    alarms: ALARMS,
  },
  'eu-west-1': { metrics: [{ Namespace: 'Chatbot', MetricName: 'carts' }] },
};
const dashboard = (...metrics: unknown[][]): string => JSON.stringify({ widgets: [{ type: 'metric', properties: { metrics } }] });
const DASHBOARDS = {
  chat: dashboard(['Chatbot', 'sessions', 'Kind', 'a'], ['.', 'carts', '.', '.']),
  broken: '{"widgets": [',
  search: dashboard([{ expression: 'SEARCH(\'{Chatbot,D} MetricName="bedrock_throttles"\', \'Sum\')' }], ['Chatbot', 3]),
};

let place: Workplace;
let api: CloudWatchApi;
const before = { ...process.env };
beforeEach(async () => {
  place = new Workplace();
  api = await new CloudWatchApi(REGIONS, DASHBOARDS).start();
  for (const key of Object.keys(process.env)) if (key.startsWith('AWS_')) delete process.env[key];
  Object.assign(process.env, api.environment);
});
afterEach(async () => {
  await api.stop();
  process.env = { ...before };
  place.remove();
});

interface Report {
  readonly metrics: { readonly namespace: string; readonly name: string; readonly verdict: string; readonly places: string[] }[];
  readonly unread: { readonly file: string; readonly why: string }[];
  readonly incomplete: string[];
}

const audit = (...args: string[]) => place.run('metrics', 'audit', '--account', ...args, '--product', 'Shop');

async function reportOf(...args: string[]): Promise<Report & { readonly code: number; readonly told: string }> {
  const { code, out, told } = await audit(...args, '--json');
  return { ...JSON.parse(out) as Report, code, told };
}

const DENIED = { status: 403, type: 'AccessDeniedException', message: 'User: x is not authorized' };
const whenAsked = (operation: string, answer: ReturnType<Trouble>, from = 1): Trouble =>
  request => (request.operation === operation && request.count >= from ? answer : undefined);

test('what is emitted, and what alarms and dashboards read, each with its places, from every page', async () => {
  const { code, metrics, unread, incomplete } = await reportOf('--region', 'us-east-1');
  expect({ code, incomplete }).toEqual({ code: 1, incomplete: [] });
  expect(metrics.map(({ namespace, name, verdict, places }) => [`${namespace} ${name}`, verdict, places])).toEqual([
    ['AWS/Lambda Errors', 'aws', ['us-east-1: emitted']],
    ['Chatbot bedrock_throttles', 'proposed', ['dashboard search', 'us-east-1: alarm Throttled', 'us-east-1: emitted']],
    ['Chatbot carts', 'unknown', ['dashboard chat', 'us-east-1: emitted']],
    ['Chatbot latency_ms', 'proposed', ['us-east-1: alarm Share']],
    ['Chatbot sessions', 'proposed', ['dashboard chat']],
    ['Shop/Bedrock InvocationCount', 'catalogue', ['us-east-1: alarm Quiet']],
    ['Shop/Errors ErrorCount', 'catalogue', ['us-east-1: emitted']],
  ]);
  expect(unread.map(({ file, why }) => `${file}: ${why}`)).toEqual([
    expect.stringMatching(/^dashboard broken: dashboard broken is no JSON/),
    expect.stringMatching(/^dashboard search: widgets\[0\]\.properties\.metrics\[1\]: a cell is no text/),
  ]);
  expect(api.asked.filter(asked => asked.endsWith('ListMetrics'))).toHaveLength(3);
});

test('several Regions, each asked for its metrics and alarms; dashboards are the same in all, and asked for once', async () => {
  const { metrics } = await reportOf('--region', 'us-east-1,eu-west-1');
  expect(metrics.find(({ name }) => name === 'carts')!.places).toEqual(['dashboard chat', 'eu-west-1: emitted', 'us-east-1: emitted']);
  expect(api.asked.filter(asked => asked.endsWith('ListDashboards'))).toHaveLength(2);
  expect(api.asked.filter(asked => asked.endsWith('GetDashboard'))).toHaveLength(3);
});

test('with --recent only what had data in the last hours', async () => {
  const { metrics } = await reportOf('--region', 'us-east-1', '--recent');
  expect(metrics.find(({ name }) => name === 'carts')!.places).toEqual(['dashboard chat']);
});

test('files and the account together, and the map of what both use', async () => {
  place.write('d.json', dashboard(['Chatbot', 'sessions']));
  const { code, told } = await audit('d.json', '--region', 'us-east-1', '--write-map', 'map.json');
  expect([code, told]).toEqual([1, expect.stringMatching(/^map\.json: \d proposed/)]);
  const map = JSON.parse(place.read('map.json')) as { from: object }[];
  expect(map.map(({ from }) => from)).toContainEqual({ namespace: 'Chatbot', name: 'sessions' });
});

test('an account that holds to the catalogue ends with 0; the Region may come from the environment', async () => {
  await api.stop();
  api = await new CloudWatchApi({ 'eu-west-1': { metrics: [{ Namespace: 'Shop/Errors', MetricName: 'ErrorCount' }] } }, {}).start();
  Object.assign(process.env, api.environment, { AWS_REGION: 'eu-west-1' });
  expect(await audit()).toMatchObject({ code: 0, told: '', out: expect.stringContaining('1 catalogue') });
});

describe('what the account does not answer is told, the rest is reported, and the exit code is 2', () => {
  test.each<[string, Trouble, RegExp, string]>([
    [
      'no right to the alarms',
      whenAsked('DescribeAlarms', DENIED),
      /us-east-1: DescribeAlarms failed with AccessDeniedException: User: x.*\nAllow cloudwatch:DescribeAlarms to these credentials/,
      'carts',
    ],
    [
      'a page of metrics that fails',
      whenAsked('ListMetrics', { status: 400, type: 'InvalidParameterValue', message: 'Bad token' }, 2),
      /ListMetrics failed with InvalidParameterValue\w*: Bad token\nThe 2 metrics of us-east-1 before it are in the report\.$/,
      'bedrock_throttles',
    ],
    [
      'one dashboard that went away',
      whenAsked('GetDashboard', { status: 404, type: 'ResourceNotFound', message: 'gone' }, 3),
      /^dashboard search: us-east-1: GetDashboard failed with ResourceNotFound: gone$/,
      'sessions',
    ],
  ])('%s', async (_what, trouble, message, name) => {
    api.trouble = trouble;
    const { code, metrics, incomplete } = await reportOf('--region', 'us-east-1');
    expect({ code, incomplete }).toEqual({ code: 2, incomplete: [expect.stringMatching(message)] });
    expect(metrics.map(metric => metric.name)).toContain(name);
    api.asked.length = 0;
    const { out, code: again } = await audit('--region', 'us-east-1');
    expect([again, out]).toEqual([2, expect.stringContaining('The account did not answer everything:\n  ')]);
  });

  test('pages without an end', async () => {
    api.isEndless = true;
    const { code, incomplete } = await reportOf('--region', 'us-east-1');
    expect([code, incomplete.every(fault => fault.includes('one page again and again'))]).toEqual([2, true]);
  });

  test('throttling is waited out', async () => {
    api.trouble = ({ operation, count }) => (operation === 'ListMetrics' && count < 3
      ? { status: 400, type: 'ThrottlingException', message: 'Rate exceeded' } : undefined);
    expect((await reportOf('--region', 'us-east-1')).incomplete).toEqual([]);
  });

  test('no map is made of a part', async () => {
    api.trouble = whenAsked('DescribeAlarms', DENIED);
    const { code, told } = await audit('--region', 'us-east-1', '--write-map', 'map.json');
    expect([code, told]).toEqual([2, expect.stringMatching(/^map\.json is not written/)]);
    expect(() => place.read('map.json')).toThrow();
  });
});

describe('it could not run', () => {
  test('nothing at all was answered: each fault is told once', async () => {
    delete process.env.AWS_ACCESS_KEY_ID;
    const { code, out, told } = await audit('--region', 'us-east-1');
    expect([code, out, told]).toEqual([2, '', expect.stringMatching(/ListMetrics failed with CredentialsProviderError.*\nLog in/)]);
  });

  test.each([
    ['no Region', ['--account'], /No Region is named/],
    ['a Region that is none', ['--account', '--region', 'Frankfurt'], /"Frankfurt" is no Region/],
    ['a Region without the account', ['src', '--region', 'us-east-1'], /are of an account: add --account/],
    ['nothing to read', [], /Name files or folders to read, or ask an account by --account/],
  ])('%s', async (_what, args, message) => {
    expect(await place.run('metrics', 'audit', ...args)).toMatchObject({ code: 2, out: '', told: expect.stringMatching(message) });
  });
});

test('the bundle asks by the credentials and the Region of a profile', async () => {
  await bundleCli(`${place.path}/bin/plumbline.js`);
  place.write('config', '[profile audit]\nregion = eu-west-1\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = s\n');
  const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _key, ...environment } = api.environment;
  const env = { PATH: process.env.PATH, ...environment, AWS_CONFIG_FILE: `${place.path}/config` };
  const args = ['bin/plumbline.js', 'metrics', 'audit', '--account', '--profile', 'audit', '--json'];
  const child = spawn(process.execPath, args, { cwd: place.path, env });
  const out: string[] = [];
  child.stdout.on('data', (data: Buffer) => out.push(String(data)));
  const code = await new Promise(resolve => { child.on('close', resolve); });
  expect([code, (JSON.parse(out.join('')) as Report).metrics.map(({ name }) => name)]).toEqual([1, expect.arrayContaining(['carts'])]);
});
