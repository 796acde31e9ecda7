import { App, Duration, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Unit } from 'aws-cdk-lib/aws-cloudwatch';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { CatalogMetric, StandardLambda, Standards, TeamMetricOptions } from '../../src';
import { METRIC_CATALOG } from '../../src/contract/data';
import { METRICS } from '../../src/contract/metric-entry';
import { teamMetricId, tryTeamMetricNames } from '../../src/contract/team-metric';

function appWith(...teamMetrics: CatalogMetric[]): App {
  const app = new App();
  Standards.apply(app, { product: 'Shop', environment: 'dev', checks: false, teamMetrics });
  return app;
}

function variableIn(app: App): string | undefined {
  const stack = new Stack(app, 'Stack');
  new StandardLambda(stack, 'Fn', { serviceName: 'chat', code: Code.fromInline('//'), handler: 'index.handler' });
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  return Properties.Environment.Variables.PLUMBLINE_TEAM_METRICS;
}

test('functions are told of the metrics, and of nothing that goes without saying', () => {
  const orders = CatalogMetric.team('OrderCount', { area: 'Checkout', owner: 'checkout-team' });
  const dimensionSets = [['page'], ['environment', 'page', 'service_name']];
  const paint = CatalogMetric.team('Paint', { dimensionSets, unit: Unit.MILLISECONDS });
  expect(JSON.parse(variableIn(appWith(orders, paint))!)).toEqual([
    { id: 'Checkout.OrderCount' },
    { id: 'Team.Paint', unit: 'Milliseconds', sets: [['page', 'environment'], ['environment', 'page', 'service_name']] },
  ]);
  expect(variableIn(appWith())).toBeUndefined();
});

test('a metric has the standards\' unit, sets and freshness, and nobody\'s description, unless its team says otherwise', () => {
  const { unit, dimensionSets, freshness, owner, description } = CatalogMetric.team('OrderCount');
  expect([unit, dimensionSets, freshness.toSeconds(), owner, description]).toEqual(
    [METRIC_CATALOG.team.unit, METRIC_CATALOG.team.dimensionSets, METRIC_CATALOG.team.freshnessSeconds, '', ''],
  );
  const told = { owner: 'checkout', description: 'Orders.', freshness: Duration.seconds(3600) };
  expect(CatalogMetric.team('OrderCount', told)).toMatchObject(told);
});

test('the metrics are those of the nearest standards that name some', () => {
  const app = appWith(CatalogMetric.team('One'));
  const idsOf = (id: string, props: { teamMetrics?: CatalogMetric[] }): string[] =>
    Standards.apply(new Stack(app, id), { product: 'Shop', environment: id, ...props }).teamMetrics.map(metric => metric.id);
  expect(idsOf('above', {})).toEqual(['Team.One']);
  expect(idsOf('own', { teamMetrics: [CatalogMetric.team('Two')] })).toEqual(['Team.Two']);
  expect(idsOf('none', { teamMetrics: [] })).toEqual([]);
});

test('an old name of a metric of a team is emitted too, and one of a metric that nobody emits is refused', () => {
  const metric = CatalogMetric.team('OrderCount');
  const metricMigrations = [{ from: { namespace: 'Old', name: 'orders' }, metric, until: '2099-01-01' }];
  const apply = (teamMetrics: CatalogMetric[]) =>
    Standards.apply(new App(), { product: 'Shop', environment: 'dev', teamMetrics, metricMigrations });
  expect(apply([metric]).metricMigrations).toHaveLength(1);
  expect(() => apply([])).toThrow(/Only metrics of the catalogue and of teamMetrics[^]*"Team.OrderCount"/);
});

test.each(METRICS)('$id of the catalogue cannot be redefined', ({ area, name, constant }) => {
  expect(() => appWith(CatalogMetric.team(name, { area }))).toThrow(new RegExp(`metric of the catalogue[^]*CatalogMetric\\.${constant}`));
});

test.each<[string, string, TeamMetricOptions]>([
  ['no name', '', {}],
  ['a name too long', 'x'.repeat(256), {}],
  ['a name beyond ASCII', '注文', {}],
  ['a line break', 'a\nb', {}],
  ['a blank at the end', 'Orders ', {}],
  ['a token', Token.asString({ Ref: 'Name' }), {}],
  ['the name of its dimension', 'page', { dimensionSets: [['page']] }],
  ['the name of a dimension that every metric has', 'environment', {}],
  ['the root of the metric format', '_aws', {}],
  ['no area', 'Orders', { area: '' }],
  ['an area that begins with a colon', 'Orders', { area: ':Shop' }],
  ['a dimension that begins with a colon', 'Orders', { dimensionSets: [[':page']] }],
])('refused: %s', (_what, name, options) => {
  expect(() => appWith(CatalogMetric.team(name, options))).toThrow(/\[App\] The metric [^]*Its (name|area|dimension) cannot be emitted/);
});

test.each<[string, string[][]]>([
  ['31 names', [Array.from({ length: 30 }, (_value, index) => `d${index}`)]],
  ['one set twice', [['a', 'b'], ['b', 'a']]],
])('refused: dimension sets with %s', (_what, dimensionSets) => {
  expect(() => appWith(CatalogMetric.team('Orders', { dimensionSets }))).toThrow(/Its dimension sets cannot be emitted/);
});

test('a metric of the catalogue, one metric twice, and more than a function has room for are refused', () => {
  expect(() => appWith(CatalogMetric.SESSION_COUNT)).toThrow(/metric of the catalogue/);
  expect(() => appWith(CatalogMetric.team('One'), CatalogMetric.team('One'))).toThrow(/teamMetrics lists it twice/);
  const many = (count: number): CatalogMetric[] => Array.from({ length: count }, (_value, index) => CatalogMetric.team(`Metric${index}`));
  expect(() => appWith(...many(80))).not.toThrow();
  expect(() => appWith(...many(200))).toThrow(/no room for so many: Lambda gives it 4 KB[^]*200 metrics, \d+ characters/);
});

test.each(['OrderCount', '.', 'a.', '.b', ''])('%p is the id of no metric of a team', id => {
  expect(tryTeamMetricNames(id)).toBeUndefined();
});

test.each([['Shop', 'Orders'], ['a.b/c%', 'd.e/f%2e'], ['%2f', '%']])('area %s and name %s come back from their id', (area, name) => {
  expect(tryTeamMetricNames(teamMetricId(area, name))).toEqual({ area, name });
});
