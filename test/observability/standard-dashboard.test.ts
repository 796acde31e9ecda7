import { App, Resource, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Unit } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
import { IEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import {
  CatalogMetric, ServiceTraffic, StandardDashboard, StandardDashboardProps, StandardLambda, Standards, StandardsProps,
} from '../../src';
import { TOKEN_PRICES } from '../../src/contract/data';
import { AlarmTemplate } from '../support/cloudwatch/alarms';
import { findUnemitted } from '../support/cloudwatch/emitted-metrics';

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly properties: {
    readonly title?: string;
    readonly markdown?: string;
    readonly region?: string;
    readonly query?: string;
    readonly metrics?: readonly (readonly unknown[])[];
  };
}

const ENV = { account: '111122223333', region: 'us-east-1' };

function stackWith(environment = 'prod', standards: Partial<StandardsProps> = {}): Stack {
  const app = new App();
  Standards.apply(app, { product: 'MangaAssist', environment, checks: false, ...standards });
  return new Stack(app, 'Stack', { env: ENV });
}

/** All dashboards of a stack. */
function dashboardsIn(stack: Stack): { readonly name: string; readonly widgets: Widget[] }[] {
  return Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard')).map(({ Properties }) => {
    const { DashboardName: name, DashboardBody: body } = Properties as { DashboardName: string; DashboardBody: unknown };
    const [separator, parts] = typeof body === 'string' ? ['', [body]] : (body as { 'Fn::Join': [string, unknown[]] })['Fn::Join'];
    const text = parts.map(part => typeof part === 'string' ? part : atDeployment(part)).join(separator);
    return { name, widgets: (JSON.parse(text) as { widgets: Widget[] }).widgets };
  });
}

/** The Region is that of the stack; a name becomes that of its resource. */
function atDeployment(part: unknown): string {
  const { Ref, 'Fn::GetAtt': attribute } = part as { 'Ref'?: string; 'Fn::GetAtt'?: string[] };
  return Ref === 'AWS::Region' ? ENV.region : Ref ?? attribute![0];
}

function dashboardOf(props?: StandardDashboardProps, environment = 'prod') {
  const stack = stackWith(environment);
  new StandardDashboard(stack, 'Overview', props);
  const [dashboard] = dashboardsIn(stack);
  return dashboard;
}

const titled = (widgets: readonly Widget[], title: RegExp): Widget[] =>
  widgets.filter(({ properties }) => title.test(properties.title ?? ''));
const expressionsOf = (widget: Widget): string[] => (widget.properties.metrics ?? []).flatMap(row => row.flatMap(part =>
  typeof part === 'object' && part !== null && 'expression' in part ? [(part as { expression: string }).expression] : []));

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
  const texts = dashboardOf({ services: ['chat', 'cart'] }).widgets.flatMap(({ properties }) => properties.markdown ?? []);
  const headings = texts.filter(text => text.startsWith('## '));
  expect(headings).toEqual(['## MangaAssist, prod', '## Amazon Bedrock, as AWS counts it in this Region', '## chat', '## cart']);
  expect(JSON.stringify(dashboardOf().widgets)).toContain('SEARCH(\'{AWS/Bedrock,ModelId} MetricName=\\"InvocationThrottles\\"');
});

test('no two widgets lie on one another, and none is wider than the dashboard', () => {
  const { widgets } = dashboardOf({ services: ['chat', 'cart', 'picks'] });
  const places = widgets.map(({ x, y }) => `${x},${y}`);
  expect(new Set(places).size).toBe(widgets.length);
  expect(widgets.filter(({ x, width }) => x + width > 24)).toEqual([]);
});

describe('what one dashboard has no room for', () => {
  const services = Array.from({ length: 120 }, (_value, index) => `service${index}`);
  const stack = stackWith();
  new StandardDashboard(stack, 'Overview', { services });
  const dashboards = dashboardsIn(stack);

  test('stands in further ones, each within the limits, no part torn', () => {
    expect(dashboards.map(({ name }) => name)).toEqual([1, 2, 3].map(page => `MangaAssist-Dashboard${page > 1 ? `-${page}` : ''}`));
    for (const { widgets } of dashboards) {
      expect(widgets.length).toBeLessThanOrEqual(500);
      expect(widgets[0].properties.markdown).toMatch(/^## /);
      expect(widgets.flatMap(({ properties }) => properties.metrics ?? []).length).toBeLessThanOrEqual(2500);
    }
  });

  test('is all there, each service once', () => {
    const headings = dashboards.flatMap(({ widgets }) => widgets.flatMap(({ properties }) => properties.markdown ?? []));
    expect(services.filter(service => headings.filter(text => text === `## ${service}`).length !== 1)).toEqual([]);
  });

  test('does not change the first one\'s logical id', () => {
    const ids = Object.keys(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
    const alone = stackWith();
    new StandardDashboard(alone, 'Overview');
    expect(ids).toEqual(expect.arrayContaining(Object.keys(Template.fromStack(alone).findResources('AWS::CloudWatch::Dashboard'))));
  });
});

describe('the estimate of cost', () => {
  const CLAUDE = 'anthropic.claude-sonnet-4-6';
  const costAt = (tokens: Readonly<Record<string, number>>, props: StandardDashboardProps, title = /^Estimate/): number => {
    const [widget] = titled(dashboardOf(props).widgets, title);
    const [expression] = expressionsOf(widget);
    const sums = expression.replace(/SUM\(SEARCH\('([^']*)', 'Sum', 3600\)\)/g, (_text, terms: string) =>
      String([...terms.matchAll(/MetricName="(\w+)TokenCount"/g)].reduce((sum, [, name]) => sum + (tokens[name] ?? 0), 0)));
    expect(sums).toMatch(/^[-+*/() \d.]+$/);
    return new Function(`return ${sums}`)() as number;
  };
  const M = 1_000_000;

  test.each<[string, Readonly<Record<string, number>>, number]>([
    ['tokens read anew', { Input: M }, 3],
    ['tokens read anew, and an answer', { Input: M, Output: M }, 18],
    ['an input that came from the cache, whole', { Input: M, CacheRead: M }, 0.3],
    ['an input that was written into it, whole', { Input: M, CacheWrite: M }, 3.75],
    ['all of them', { Input: 10 * M, CacheRead: 5 * M, CacheWrite: 2 * M, Output: M }, 3 * 3 + 5 * 0.3 + 2 * 3.75 + 15],
  ])('of %s counts each token once', (_what, tokens, cost) => {
    expect(costAt(tokens, { models: [`global.${CLAUDE}`] })).toBeCloseTo(cost, 9);
  });

  test.each<[string, number]>([
    [`global.${CLAUDE}`, 3], [`us.${CLAUDE}`, 3.3], [CLAUDE, 3.3], ['amazon.nova-lite-v1:0', 0.06], ['us.amazon.nova-lite-v1:0', 0.06],
    ['amazon.nova-lite-v1:0:300k', 0.06], [`arn:aws:bedrock:us-east-1:111122223333:inference-profile/global.${CLAUDE}`, 3],
  ])('of %s has the price of its model: %d USD', (model, price) => {
    expect(costAt({ Input: M }, { models: [model] })).toBeCloseTo(price, 9);
  });

  test('has prices of yours, where given', () => {
    const model = 'arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abc123';
    const props = { models: [model], tokenPrices: [{ model, input: 1, output: 2, cacheRead: 0.5 }] };
    expect(costAt({ Input: 3 * M, CacheRead: M, CacheWrite: M, Output: M }, props)).toBeCloseTo(1 + 0.5 + 1 + 2, 9);
  });

  test('is of the environment, of one model, and in a service\'s part of its own', () => {
    const [product, chat] = titled(dashboardOf({ models: [CLAUDE], services: ['chat'] }).widgets, /^Estimate/).map(expressionsOf);
    expect(product[0]).toContain(`model_id="${CLAUDE}" environment="prod"', 'Sum', 3600)`);
    expect(chat[0]).toContain(`model_id="${CLAUDE}" environment="prod" service_name="chat"', 'Sum', 3600)`);
  });

  test('of more models than one graph has searches for goes on in a second one', () => {
    const models = Array.from({ length: 26 }, (_value, index) => `model-${index}`);
    const tokenPrices = models.map(model => ({ model, input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 }));
    const graphs = titled(dashboardOf({ models, tokenPrices }).widgets, /^Estimate/).map(expressionsOf);
    expect(graphs.map(expressions => expressions.join().match(/SEARCH/g)!.length)).toEqual([100, 4]);
  });

  test('says that it is one, and of which day', () => {
    const [widget] = titled(dashboardOf({ models: [CLAUDE] }).widgets, /^Estimate/);
    expect(widget.properties.title).toContain(TOKEN_PRICES.pricedOn);
    expect(titled(dashboardOf().widgets, /^Estimate/)).toEqual([]);
  });
});

test('a minute counts as silent when nothing came, also where nothing ever came', () => {
  const { widgets } = dashboardOf({ services: ['chat'] });
  const silent = titled(widgets, /^Minutes without a datum/);
  expect(silent).toHaveLength(2);
  for (const widget of silent) {
    const expressions = expressionsOf(widget);
    expect(expressions).toHaveLength(4);
    for (const expression of expressions) {
      const minute = (data: number | undefined): number => {
        const sum = (values: (number | undefined)[]): number => values.reduce<number>((total, value) => total + (value ?? 0), 0);
        const names = [...expression.matchAll(/data\d/g)].map(([name]) => name);
        return new Function('RUNNING_SUM', 'IF', 'SUM', 'TIME_SERIES', names[0], `return ${expression}`)(
          (value: number) => value, (is: boolean, yes: number, no: number) => is ? yes : no, sum, (value: number) => value, data) as number;
      };
      expect([minute(3), minute(undefined)]).toEqual([0, 1]);
    }
  }
});

/** One that the app did not make. */
class ImportedEndpoint extends Resource implements IEndpoint {
  public readonly endpointName = 'falcon';
  public readonly endpointArn: string;

  constructor(stack: Stack, region = ENV.region) {
    super(stack, 'Falcon', { region });
    this.endpointArn = `arn:aws:sagemaker:${region}:${ENV.account}:endpoint/falcon`;
  }

  public get endpointRef() {
    return { endpointArn: this.endpointArn };
  }

  public grantInvoke(grantee: IGrantable): Grant {
    return Grant.drop(grantee, 'imported');
  }
}

describe('an endpoint', () => {
  test('has a part of its own, over all of its variants', () => {
    const stack = stackWith();
    new StandardDashboard(stack, 'Overview', { endpoints: [new ImportedEndpoint(stack)] });
    const [{ widgets }] = dashboardsIn(stack);
    expect(widgets.flatMap(({ properties }) => properties.markdown ?? [])).toContain('## Endpoint falcon');
    expect(titled(widgets, /^Time of the model/).flatMap(expressionsOf)).toEqual(['p50', 'p90', 'p99'].map(statistic =>
      `SEARCH('{AWS/SageMaker,EndpointName,VariantName} MetricName="ModelLatency" EndpointName="falcon"', '${statistic}', 300)`));
    expect(findUnemitted([Template.fromStack(stack).toJSON() as AlarmTemplate], 'MangaAssist', ['prod'])).toEqual([]);
  });

  test('of another Region is read there', () => {
    const stack = stackWith();
    new StandardDashboard(stack, 'Overview', { endpoints: [new ImportedEndpoint(stack, 'eu-west-1')] });
    expect(titled(dashboardsIn(stack)[0].widgets, /^Use of GPUs/).map(({ properties }) => properties.region)).toEqual(['eu-west-1']);
  });
});

describe('the versions of prompts', () => {
  const queriesOf = (stack: Stack): Widget[] => dashboardsIn(stack)[0].widgets.filter(({ type }) => type === 'log');
  const code = { code: Code.fromInline('//'), handler: 'index.handler', traffic: ServiceTraffic.SPORADIC };

  test('are those of the log lines of a service, whose functions may come after the dashboard', () => {
    const stack = stackWith('staging');
    new StandardDashboard(stack, 'Overview', { services: ['chat', 'cart'] });
    const chat = new StandardLambda(stack, 'Chat', { ...code, serviceName: 'chat' });
    const [{ properties: { query } }, ...others] = queriesOf(stack);
    expect(query).toContain(`SOURCE '${stack.resolve(chat.logGroup.logGroupName).Ref}'`);
    expect(query).toContain('filter event = "bedrock_call" and ispresent(prompt_id)');
    expect(query).toContain('filter service_name = "chat" and environment = "staging"');
    expect(query).toMatch(/by prompt_id, prompt_version, template_hash/);
    expect(others).toEqual([]);
  });

  test('are looked for in the log groups that are given, each in its Region', () => {
    const stack = stackWith();
    const group = (id: string, region: string): ILogGroup =>
      LogGroup.fromLogGroupArn(stack, id, `arn:aws:logs:${region}:111122223333:log-group:/tasks/${id}`);
    const logGroups = [group('a', 'us-east-1'), group('b', 'eu-west-1'), group('c', 'us-east-1')];
    new StandardDashboard(stack, 'Overview', { services: ['chat'], logGroups });
    const namesIn = (query = ''): string[] => [...query.matchAll(/'([^']+)'/g)].map(([, name]) => name);
    const sources = ({ properties: { region, query } }: Widget): unknown => [region, namesIn(query)];
    expect(queriesOf(stack).map(sources)).toEqual([['us-east-1', ['/tasks/a', '/tasks/c']], ['eu-west-1', ['/tasks/b']]]);
  });

  test('of more log groups than a query takes are those of the first 50, and the title says so', () => {
    const stack = stackWith();
    const logGroups = Array.from({ length: 53 }, (_value, index) => LogGroup.fromLogGroupName(stack, `Group${index}`, `/tasks/${index}`));
    new StandardDashboard(stack, 'Overview', { services: ['chat'], logGroups });
    const [{ properties: { title, query } }] = queriesOf(stack);
    expect([title, query!.match(/SOURCE/g)!.length]).toEqual([expect.stringContaining('in 50 of 53 log groups'), 50]);
  });
});

test('metrics of the teams are shown by environment and by service, from a larger set where there is none', () => {
  const teamMetrics = [
    CatalogMetric.team('OrderCount', { area: 'Checkout' }),
    CatalogMetric.team('RankMs', { unit: Unit.MILLISECONDS, dimensionSets: [['service_name', 'ranker']] }),
    CatalogMetric.team('Nobody', { dimensionSets: [['ranker']] }),
  ];
  const stack = stackWith('prod', { teamMetrics });
  new StandardDashboard(stack, 'Overview', { services: ['chat'] });
  expect(findUnemitted([Template.fromStack(stack).toJSON() as AlarmTemplate], 'MangaAssist', ['prod'], teamMetrics)).toEqual([]);
  const [{ widgets }] = dashboardsIn(stack);
  expect(titled(widgets, /of the team/).map(({ properties: { title } }) => title))
    .toEqual(['Counts of the team', 'Other values of the team, p99', 'Counts of the team', 'Other values of the team, p99']);
  const schema = 'MangaAssist/Team,"service_name",ranker,environment';
  expect(titled(widgets, /^Other values/).map(expressionsOf)[1])
    .toEqual([`SEARCH('{${schema}} MetricName="RankMs" environment="prod" service_name="chat"', 'p99', 300)`]);
});

test.each<[string, StandardDashboardProps, RegExp]>([
  ['a service twice', { services: ['chat', 'chat'] }, /One service has one part[\s\S]*given: +\["chat"\]/],
  ['a Region twice', { bedrockRegions: ['us-east-1', 'us-east-1'] }, /One Region has one part/],
  ['a model twice', { models: ['amazon.nova-lite-v1:0', 'amazon.nova-lite-v1:0'] }, /one model twice/],
  ['a model without a price', { models: ['meta.llama3-8b-instruct-v1:0'] }, /knows no price[\s\S]*claude-sonnet-4-6[\s\S]*tokenPrices/],
  ['a price of a model that is not shown', { tokenPrices: [{ model: 'x', input: 1, output: 1 }] }, /models whose cost is not shown/],
  ['a price below zero', { models: ['x'], tokenPrices: [{ model: 'x', input: -1, output: 1 }] }, /from zero on/],
])('refused: %s', (_name, props, message) => {
  expect(() => dashboardOf(props)).toThrow(message);
});
