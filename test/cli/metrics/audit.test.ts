import { Workplace } from '../support/command';

let place: Workplace;
beforeEach(() => { place = new Workplace(); });
afterEach(() => place.remove());

interface Report {
  readonly metrics: {
    readonly namespace: string;
    readonly name: string;
    readonly verdict: string;
    readonly places: string[];
    readonly to?: object;
    readonly similarity?: number;
    readonly why?: string;
  }[];
  readonly unread: { readonly file: string; readonly line: number; readonly why: string }[];
}

async function audit(...args: string[]): Promise<Report> {
  const { out } = await place.run('metrics', 'audit', ...args, '--json');
  return JSON.parse(out) as Report;
}

const row = (...cells: unknown[]) => cells;
const dashboard = (...metrics: unknown[][]) => ({ widgets: [{ type: 'metric', properties: { metrics } }] });

test('it finds the metrics of dashboards, templates and code, each with its places', async () => {
  place.write('dash.json', dashboard(row('Chatbot', 'bedrock_throttles'), row('.', 'latency_ms'), row('AWS/Lambda', 'Errors'),
    row({ expression: 'SEARCH(\'{Chatbot,D} MetricName=("bedrock_throttles" OR "carts")\', \'Sum\')' }),
    row({ expression: 'SELECT SUM(sessions) FROM SCHEMA("Chatbot", state)' }), row({ expression: '100 * m1 / m2' })));
  place.write('infra/stack.template.json', {
    Resources: {
      A: { Type: 'AWS::CloudWatch::Alarm', Properties: { Namespace: 'Chatbot', MetricName: 'bedrock_throttles' } },
      D: { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardBody: JSON.stringify(dashboard(row('Shop/Errors', 'ErrorCount'))) } },
    },
  });
  place.write('src/app.py', 'put_metric_data(Namespace="Chatbot", MetricData=[{"MetricName": "carts"}])\nemit_metric("SessionCount", 1)');
  place.write('package.json', { name: 'x' });
  const { metrics, unread } = await audit('.', '--product', 'Shop');
  expect(unread).toEqual([]);
  expect(metrics.map(({ namespace, name, verdict, places }) => [`${namespace} ${name}`, verdict, places])).toEqual([
    ['AWS/Lambda Errors', 'aws', ['dash.json']],
    ['Chatbot bedrock_throttles', 'proposed', ['dash.json', 'infra/stack.template.json']],
    ['Chatbot carts', 'unknown', ['dash.json', 'src/app.py:1']],
    ['Chatbot latency_ms', 'proposed', ['dash.json']],
    ['Chatbot sessions', 'proposed', ['dash.json']],
    ['Shop/Errors ErrorCount', 'catalogue', ['infra/stack.template.json']],
  ]);
});

test('a proposal says how near it is, and why', async () => {
  place.write('d.json', dashboard(row('Chatbot', 'bedrock_throttles')));
  expect((await audit('d.json', '--product', 'Shop')).metrics).toEqual([{
    namespace: 'Chatbot',
    name: 'bedrock_throttles',
    verdict: 'proposed',
    places: ['d.json'],
    to: { namespace: 'Shop/Bedrock', name: 'ThrottlingCount' },
    similarity: expect.closeTo(0.84, 1),
    why: 'both say bedrock, throttling',
  }]);
  const { code, out } = await place.run('metrics', 'audit', 'd.json', '--product', 'Shop');
  expect(code).toBe(1);
  expect(out).toMatch(/Chatbot bedrock_throttles\n {6}→ Shop\/Bedrock ThrottlingCount {2}\(\d+ % alike: both say bedrock, throttling\)/);
});

test.each([
  ['BedrockCalls', 'InvocationCount'], ['bedrock_requests_total', 'InvocationCount'], ['ThrottledRequests', undefined],
  ['rag.chunks', 'ChunkCount'], ['session_count', 'SessionCount'], ['errors', 'ErrorCount'], ['EndToEndLatencyMs', 'EndToEndMs'],
  ['BedrockRegionFallbacks', 'Count'], ['CartSize', undefined], ['OrderCount', undefined], ['x', undefined], ['constructor', undefined],
])('%s is taken for %s', async (name, to) => {
  place.write('d.json', dashboard(row('Chat', name)));
  const { metrics } = await audit('d.json', '--product', 'Shop');
  expect((metrics[0].to as { name?: string } | undefined)?.name).toBe(to);
});

test('two names that may be the same metric get no proposal unless one is nearer', async () => {
  place.write('d.json', dashboard(row('Chat', 'bedrock_throttles'), row('Chat', 'bedrock_throttled')));
  const { metrics } = await audit('d.json', '--product', 'Shop');
  expect(metrics.map(({ verdict }) => verdict)).toEqual(['unknown', 'unknown']);
  expect(metrics[0].why).toBe('it may be Shop/Bedrock ThrottlingCount, and so may Chat bedrock_throttles');
});

test('what cannot be read is told with its place', async () => {
  place.write('d.json', dashboard(row({ expression: "SEARCH('{Chatbot,D} bedrock', 'Sum')" }), row('Chatbot', 3)));
  place.write('a.ts', 'new Metric({ namespace: ns, metricName: "X" })');
  place.write('broken.json', '{"widgets": [');
  const { unread } = await audit('.');
  expect(unread.map(({ file, line, why }) => `${file}:${line} ${why}`)).toEqual([
    expect.stringMatching(/^broken\.json:1 broken\.json is no JSON/),
    expect.stringMatching(/^d\.json:\d+ widgets\[0\]\.properties\.metrics\[0\]: the search names no metric/),
    expect.stringMatching(/^d\.json:\d+ widgets\[0\]\.properties\.metrics\[1\]: a cell is no text/),
    expect.stringMatching(/^a\.ts:1 a name in Metric is no literal/),
  ]);
});

describe('the map', () => {
  const before = dashboard(row('Chatbot', 'bedrock_throttles', 'D', '1'), row('.', 'carts', '.', '.'));

  test('is one that migrate-dashboard takes', async () => {
    place.write('d.json', before);
    const { code, told } = await place.run('metrics', 'audit', 'd.json', '--product', 'Shop', '--write-map', 'map.json');
    expect([code, told]).toEqual([1, 'map.json: 1 proposed. Read each before you use it with migrate-dashboard.']);
    const { out } = await place.run('metrics', 'migrate-dashboard', 'd.json', '--map', 'map.json');
    expect(JSON.parse(out)).toEqual(dashboard(row('Shop/Bedrock', 'ThrottlingCount', 'D', '1'), row('Chatbot', 'carts', '.', '.')));
  });

  test('is never written over a file that exists', async () => {
    place.write('d.json', before);
    place.write('map.json', 'by hand');
    const { code, told } = await place.run('metrics', 'audit', 'd.json', '--product', 'Shop', '--write-map', 'map.json');
    expect([code, told]).toEqual([2, expect.stringContaining('map.json exists, and may hold what was corrected by hand')]);
    expect(place.read('map.json')).toBe('by hand');
  });

  test('needs a product', async () => {
    place.write('d.json', before);
    expect(await place.run('metrics', 'audit', 'd.json', '--write-map', 'map.json'))
      .toEqual({ code: 2, out: '', told: expect.stringContaining('name the product') });
  });
});

test('nothing but right names ends with 0, a folder without any with 2', async () => {
  place.write('d.json', dashboard(row('Shop/Bedrock', 'InvocationCount'), row('AWS/Lambda', 'Errors'), row('Shop/Checkout', 'Orders')));
  place.write('team.json', [{ name: 'Orders', area: 'Checkout' }]);
  expect((await place.run('metrics', 'audit', 'd.json', '--team', 'team.json')).code).toBe(0);
  expect((await place.run('metrics', 'audit', 'd.json')).code).toBe(1);
  expect(await place.run('metrics', 'audit', 'team.json')).toMatchObject({ code: 2, told: expect.stringContaining('neither code nor') });
});
