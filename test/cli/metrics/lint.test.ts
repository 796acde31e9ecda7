import schema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { METRICS } from '../../../src/contract/metric-entry';
import { Workplace } from '../support/command';

let place: Workplace;
beforeEach(() => { place = new Workplace(); });
afterEach(() => place.remove());

interface Report {
  readonly findings: { readonly rule: string; readonly metric: string; readonly line: number; readonly message: string }[];
  readonly unread: { readonly why: string; readonly line: number }[];
  readonly uses: number;
}

async function lint(file: string, text: string, ...options: string[]): Promise<Report> {
  place.write(file, text);
  const { out } = await place.run('metrics', 'lint', file, '--json', ...options);
  return JSON.parse(out) as Report;
}

const metricsOf = ({ findings }: Report) => findings.map(({ metric }) => metric);

describe.each([
  ['a.ts', 'emitMetric of the runtime', 'emitMetric("BedrockCalls", 1, { model_id: "m" });', 'BedrockCalls'],
  ['a.ts', 'Powertools',
    'const metrics = new Metrics({ namespace: "Shop" });\nmetrics.addMetric("Orders", MetricUnit.Count, 1);', 'Shop Orders'],
  ['a.ts', 'a member',
    'class A { private metrics = new Metrics({ namespace: "Shop" }); f() { this.metrics.addMetric("Orders", "Count", 1); } }',
    'Shop Orders'],
  ['a.ts', 'one metric apart', 'const m = new Metrics({ namespace: "S" }); m.singleMetric().addMetric("Orders", "Count", 1)', 'S Orders'],
  ['a.ts', 'constants',
    'const NS = "Shop" as const; const N = { orders: `${NS}Orders` };\nput(new Metric({ namespace: NS, metricName: N.orders }))',
    'Shop ShopOrders'],
  ['a.ts', 'an enum', 'enum N { A = "Orders" } new cloudwatch.Metric({ namespace: "S", metricName: N.A })', 'S Orders'],
  ['a.mts', 'the client of the SDK',
    'await client.send(new PutMetricDataCommand({ Namespace: "S", MetricData: [{ MetricName: "Orders" }] }))', 'S Orders'],
  ['a.js', 'the SDK of old',
    'cw.putMetricData({ Namespace: "S", MetricData: [{ MetricName: "Orders", Value: /[)]/.test(x) ? 1 : 0 }] })', 'S Orders'],
  ['a.cjs', 'EMF by hand',
    'log({ _aws: { CloudWatchMetrics: [{ Namespace: "S", Metrics: [{ Name: "Orders" }] }] }, Orders: 1 })', 'S Orders'],
  ['a.tsx', 'code with tags', 'export const V = () => <b title="it\'s">{emitMetric("X", 1, {})}</b>;', 'X'],
  ['a.ts', 'a metric filter of the CDK',
    'new MetricFilter(this, "F", { metricNamespace: "S", metricName: "Orders", logGroup })', 'S Orders'],
  ['a.ts', 'aws-embedded-metrics', 'const m = createMetricsLogger(); m.setNamespace("S"); m.putMetric("Orders", 1)', 'S Orders'],
  ['a.py', 'emit_metric of the runtime', 'emit_metric("BedrockCalls", 1, model_id="m")', 'BedrockCalls'],
  ['a.py', 'Powertools',
    'metrics = Metrics(namespace="Shop")\n@metrics.log_metrics\ndef h(e, c):\n  metrics.add_metric(name="Orders", unit="Count", value=1)',
    'Shop Orders'],
  ['a.py', 'one metric apart', 'with single_metric(name="Orders", unit=U, value=1, namespace="S") as m: pass', 'S Orders'],
  ['a.py', 'boto3',
    "boto3.client('cloudwatch').put_metric_data(Namespace='S', MetricData=[{'MetricName': 'Orders', 'Value': f(1)[0]}])", 'S Orders'],
  ['a.py', 'the CDK', 'NS = "S"\ncloudwatch.Metric(\n  namespace=NS,\n  metric_name="Ord" "ers",  # two texts\n)', 'S Orders'],
  ['a.py', 'EMF by hand',
    'print(json.dumps({"_aws": {"CloudWatchMetrics": [{"Namespace": "S", "Metrics": [{"Name": "Orders"}]}]}}))', 'S Orders'],
])('in %s, %s', (file, _what, text, metric) => {
  test('a name that nobody knows is a finding, in its line', async () => {
    const report = await lint(file, `\n\n${text}`);
    expect(metricsOf(report)).toEqual([metric]);
    expect(report.unread).toEqual([]);
    expect(report.findings[0].line).toBeGreaterThan(2);
  });
});

test.each(METRICS.map(({ id, area, name }) => [id, area, name]))('%s of the catalogue is right in every form', async (id, area, name) => {
  const typescript = `emitMetric('${id}', 1, {}); new Metric({ namespace: 'Shop/${area}', metricName: '${name}' })`;
  const python = `emit_metric("${id}", 1)\nMetric(namespace="Shop/${area}", metric_name="${name}")`;
  expect(await lint('a.ts', typescript)).toMatchObject({ findings: [], unread: [], uses: 2 });
  expect(await lint('a.py', python)).toMatchObject({ findings: [], unread: [], uses: 2 });
  expect(metricsOf(await lint('a.ts', typescript, '--product', 'Other'))).toEqual([`Shop/${area} ${name}`]);
});

const FOREIGN = [
  'AWS/Lambda', 'AWS/Bedrock', 'CWAgent', 'ECS/ContainerInsights', '/aws/sagemaker/Endpoints', 'aws/spans', 'LambdaInsights',
];
test.each(FOREIGN)('%s is AWS\'s own', async namespace => {
  const report = await lint('a.ts', `new Metric({ namespace: '${namespace}', metricName: 'Errors' })`);
  expect(report).toMatchObject({ findings: [], unread: [], uses: 1 });
});

describe('what is no literal', () => {
  test.each([
    ['a.ts', 'emitMetric(name, 1, {})', /the metric of emitMetric is no literal/],
    ['a.ts', 'new Metric({ namespace: "S", metricName: `${x}Count` })', /the name in Metric is no literal/],
    ['a.ts', 'new Metric({ namespace: ns(), metricName: "Count" })', /the namespace of Count in Metric is no literal/],
    ['a.ts', 'const m = new Metrics(); m.addMetric("Orders", "Count", 1)', /the namespace of Orders in addMetric/],
    ['a.ts', 'let N = "a"; N = "b"; new Metric({ namespace: "S", metricName: N })', /the name in Metric/],
    ['a.ts', 'cw.putMetricData({ Namespace: "S", MetricData: data })', /the name in putMetricData/],
    ['a.py', 'emit_metric(f"{x}Count", 1)', /the metric of emit_metric/],
    ['a.py', 'N = "a"\nN = "b"\nMetric(namespace="S", metric_name=N)', /the name in Metric/],
    ['a.py', 'Metric(namespace="S" + x, metric_name="Orders")', /the namespace of Orders/],
    ['a.py', 'Metric(namespace="S", metric_name="%s" % x)', /the name in Metric/],
  ])('%s: %s: could not be read, and is no finding', async (file, text, why) => {
    const report = await lint(file, text);
    expect(report).toMatchObject({ findings: [], unread: [{ line: expect.any(Number), why: expect.stringMatching(why) }] });
  });

  test('a file that cannot be parsed is told, and the others are read', async () => {
    place.write('src/broken.ts', 'emitMetric("X" {{{{ "');
    place.write('src/sound.ts', 'emitMetric("X", 1, {})');
    const { code, out } = await place.run('metrics', 'lint', 'src');
    expect(code).toBe(1);
    expect(out).toMatch(/src\/broken\.ts:1:1 {2}could not read: the file could not be read/);
    expect(out).toMatch(/src\/sound\.ts:1:1 {2}error {2}X is no id of the catalogue/);
  });
});

test('what stands in comments and texts is not code', async () => {
  expect(await lint('a.ts', '// emitMetric("X", 1)\nconst s = `emitMetric("X", 1)`; /emitMetric("X")/.test(s)')).toMatchObject({ uses: 0 });
  const python = '# emit_metric("X", 1)\ns = """\nemit_metric("X", 1)\n"""\ndef emit_metric(x): pass';
  expect(await lint('a.py', python)).toMatchObject({ uses: 0 });
});

test.each(['a.ts', 'a.py'])('metrics of the file of the team are known in %s', async file => {
  place.write('team.json', [{ name: 'Orders', area: 'Checkout' }, { name: 'Carts' }]);
  const call = (area: string, name: string) => (file === 'a.py'
    ? `Metric(namespace="Shop/${area}", metric_name="${name}")`
    : `new Metric({ namespace: "Shop/${area}", metricName: "${name}" })`);
  const text = [call('Checkout', 'Orders'), call('Team', 'Carts'), call('Team', 'Orders')].join('\n');
  expect(metricsOf(await lint(file, text, '--team', 'team.json'))).toEqual(['Shop/Team Orders']);
});

test('metrics that the code declares as the team\'s own are known in all of it', async () => {
  place.write('src/infra.ts', 'const ORDERS = CatalogMetric.team("Orders", { area: "Checkout" }); CatalogMetric.team("Carts")');
  place.write('src/app.py', 'Metric(namespace="Shop/Checkout", metric_name="Orders")\nMetric(namespace="Shop/Team", metric_name="Carts")');
  const { code, out } = await place.run('metrics', 'lint', 'src');
  expect([code, out]).toEqual([0, '0 unknown metrics, 0 could not be read, 2 named in 2 files']);
});

test('the ids of metrics of a team are known to emitMetric, in both languages', async () => {
  place.write('src/infra.ts', 'CatalogMetric.team("Orders", { area: "Checkout" }); CatalogMetric.team("Carts")');
  place.write('src/app.py', 'emit_metric("Checkout.Orders", 1)\nemit_metric(TeamMetricId("Team.Carts"), 1)\nemit_metric("Team.Orders", 1)');
  place.write('src/app.ts', 'emitMetric("Checkout.Orders", 1); emitMetric("Shop.Visits", 1); emitMetric("Checkout.Order", 1)');
  place.write('team.json', '[{"name":"Visits","area":"Shop"}]');
  const { out } = await place.run('metrics', 'lint', 'src', '--team', 'team.json', '--json');
  const { findings, unread } = JSON.parse(out) as { findings: { metric: string }[]; unread: unknown[] };
  expect([findings.map(({ metric }) => metric).sort(), unread]).toEqual([['Checkout.Order', 'Team.Orders'], []]);
});

test('a finding proposes the metric that it most likely means, and says why', async () => {
  const text = 'new Metric({ namespace: "Chatbot", metricName: "bedrock_throttles" }); emitMetric("BedrockCalls", 1, {})';
  const { findings } = await lint('a.ts', text);
  expect(findings.map(({ message }) => message)).toEqual([
    'Chatbot bedrock_throttles is not in the catalogue. It may be {product}/Bedrock ThrottlingCount: both say bedrock, throttling.',
    'BedrockCalls is no id of the catalogue: the runtime drops the datum. It may be BedrockInvocationCount: both say bedrock, invocation.',
  ]);
});

test('what was installed or built is not read', async () => {
  for (const folder of ['node_modules/x', '.venv/lib', 'cdk.out', 'dist']) place.write(`${folder}/a.ts`, 'emitMetric("X", 1, {})');
  place.write('a.d.ts', 'emitMetric("X", 1, {})');
  const { code, told } = await place.run('metrics', 'lint', '.');
  expect([code, told]).toEqual([2, expect.stringContaining('no TypeScript, JavaScript or Python')]);
});

test('the SARIF report is sound; what could not be read is a notification', async () => {
  place.write('a.ts', 'emitMetric("X", 1, {});\nemitMetric(x, 1, {});');
  await place.run('metrics', 'lint', 'a.ts', '--sarif', 'r.sarif');
  const report = JSON.parse(place.read('r.sarif')) as { runs: object[] };
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats(ajv);
  const validate = ajv.compile({ ...schema, id: undefined, $schema: undefined });
  expect([validate(report), validate.errors]).toEqual([true, null]);
  expect(report.runs[0]).toMatchObject({
    results: [{ ruleId: 'UnknownMetricId', locations: [{ physicalLocation: { region: { startLine: 1, startColumn: 1 } } }] }],
    invocations: [{ toolExecutionNotifications: [{ message: { text: expect.stringContaining('no literal') } }] }],
  });
});

test.each([
  ['{', /team\.json is no JSON/],
  ['{}', /team\.json lists no metrics of a team\. A list is/],
  ['[{"area":"A"}]', /team\.json: entry 0 is \{"area":"A"\}/],
])('a team file %s is refused', async (content, told) => {
  place.write('team.json', content);
  place.write('a.ts', '');
  const result = await place.run('metrics', 'lint', 'a.ts', '--team', 'team.json');
  expect(result).toEqual({ code: 2, out: '', told: expect.stringMatching(told) });
});

test('Python of any depth and any fault ends', async () => {
  const deep = `emit_metric(${'['.repeat(5000)}`;
  for (const text of ['emit_metric(', 'emit_metric("""', deep, 'Metric(namespace=, metric_name=)', 'x = {"_aws": {']) {
    expect(await lint('a.py', text)).toHaveProperty('findings', []);
  }
});
