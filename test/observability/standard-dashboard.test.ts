import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CatalogMetric, StandardDashboard, StandardDashboardProps, Standards } from '../../src';

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly properties: { readonly title?: string; readonly markdown?: string; readonly metrics?: readonly (readonly unknown[])[] };
}

function dashboardOf(props?: StandardDashboardProps, environment = 'prod') {
  const app = new App();
  Standards.apply(app, { product: 'MangaAssist', environment, checks: false });
  const stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  new StandardDashboard(stack, 'Overview', props);
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
  const [separator, parts] = Properties.DashboardBody['Fn::Join'] as [string, (string | { Ref: string })[]];
  // Only the Region is known at deployment.
  const body = JSON.parse(parts.map(part => typeof part === 'string' ? part : 'us-east-1').join(separator)) as { widgets: Widget[] };
  return { name: Properties.DashboardName as string, widgets: body.widgets };
}

/** Namespace, name and sorted dimensions of each series, the shorthand of dashboards written out. */
function seriesOf(widgets: readonly Widget[]): string[][] {
  return widgets.flatMap(({ properties: { metrics = [] } }) => {
    let before: readonly unknown[] = [];
    return metrics.flatMap(row => {
      const texts = row.filter(part => typeof part === 'string');
      if (texts.length === 0) return [];
      before = texts.map((text, index) => text === '.' ? before[index] : text);
      const [namespace, name, ...dimensions] = before as string[];
      return [[namespace, name, ...dimensions.filter((_part, index) => index % 2 === 0).sort()]];
    });
  });
}

test('is named after the product, and elsewhere than in production after the environment too', () => {
  expect(dashboardOf().name).toBe('MangaAssist-Dashboard');
  expect(dashboardOf({}, 'staging').name).toBe('MangaAssist-staging-Dashboard');
  expect(dashboardOf({ dashboardName: 'Mine' }).name).toBe('Mine');
});

test('every series is one that the runtimes emit, and no metric of the catalogue is left out', () => {
  const emitted = CatalogMetric.catalog().flatMap(({ area, metricName, dimensionSets }) =>
    dimensionSets.map(set => [`MangaAssist/${area}`, metricName, ...[...set].sort()].join()));
  const shown = seriesOf(dashboardOf({ services: ['chat'] }).widgets);
  expect(shown.map(series => series.join()).filter(series => !emitted.includes(series))).toEqual([]);
  // Only for the time of an adoption.
  const names = CatalogMetric.catalog().filter(({ id }) => id !== CatalogMetric.ENVELOPE_CHANGE_COUNT.id)
    .map(({ area, metricName }) => `${area}/${metricName}`);
  expect([...new Set(shown.map(([namespace, name]) => `${namespace.replace('MangaAssist/', '')}/${name}`))].sort()).toEqual(names.sort());
});

test('a part for the product, one for what AWS counts itself, and one for each service', () => {
  const headings = dashboardOf({ services: ['chat', 'cart'] }).widgets.flatMap(({ properties }) => properties.markdown ?? []);
  expect(headings).toEqual(['## MangaAssist, prod', '## Amazon Bedrock, as AWS counts it in this Region', '## chat', '## cart']);
  expect(JSON.stringify(dashboardOf().widgets)).toContain('SEARCH(\'{AWS/Bedrock,ModelId} MetricName=\\"InvocationThrottles\\"');
});

test('no two widgets lie on one another, and none is wider than the dashboard', () => {
  const { widgets } = dashboardOf({ services: ['chat', 'cart', 'picks'] });
  const places = widgets.map(({ x, y }) => `${x},${y}`);
  expect(new Set(places).size).toBe(widgets.length);
  expect(widgets.filter(({ x, width }) => x + width > 24)).toEqual([]);
});

test.each<[string, string[], RegExp]>([
  ['a service twice', ['chat', 'chat'], /A service has one part[\s\S]*given: +\["chat"\]/],
  ['more than CloudWatch takes', Array.from({ length: 62 }, (_value, index) => `service${index}`), /no dashboard of so many widgets/],
])('refused: %s', (_name, services, message) => {
  expect(() => dashboardOf({ services })).toThrow(message);
});
