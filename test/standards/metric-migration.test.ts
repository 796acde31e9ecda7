import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CatalogMetric, IEmittedMetric, MetricMigration, StandardLambda, Standards } from '../../src';

const TODAY = '2026-11-28';
const CALLS = { namespace: 'Chatbot', name: 'BedrockCalls' };
const migration = (changed: Partial<MetricMigration> = {}): MetricMigration =>
  ({ from: CALLS, metric: CatalogMetric.BEDROCK_INVOCATION_COUNT, until: '2027-06-30', ...changed });

function appWith(metricMigrations: MetricMigration[] | undefined, today = TODAY): App {
  const app = new App({ postCliContext: { 'cdk-plumbline:today': today } });
  Standards.apply(app, { product: 'MangaAssist', environment: 'prod', checks: false, metricMigrations });
  return app;
}

function stackWith(metricMigrations: MetricMigration[] | undefined, today = TODAY): Stack {
  const stack = new Stack(appWith(metricMigrations, today), 'Stack');
  for (const serviceName of ['chat', 'cart']) {
    new StandardLambda(stack, serviceName, {
      serviceName, code: Code.fromInline('x'), handler: 'index.handler', runtime: Runtime.NODEJS_22_X,
    });
  }
  return stack;
}

describe('what travels to the functions', () => {
  test('is each old name with the id of its metric', () => {
    const other = { from: { namespace: 'Old', name: 'a "b"' }, metric: CatalogMetric.ERROR_COUNT };
    Template.fromStack(stackWith([migration(), migration(other)])).allResourcesProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          PLUMBLINE_METRIC_MIGRATIONS: '[{"metric":"BedrockInvocationCount","namespace":"Chatbot","name":"BedrockCalls"},'
          + '{"metric":"ErrorCount","namespace":"Old","name":"a \\"b\\""}]',
        }),
      },
    });
  });

  test.each([[undefined], [[]]])('is nothing without migrations: %j', migrations => {
    expect(JSON.stringify(Template.fromStack(stackWith(migrations)).toJSON())).not.toContain('PLUMBLINE_METRIC_MIGRATIONS');
  });

  test('comes from the standards above, unless nearer ones have their own', () => {
    const app = appWith([migration()]);
    const [near, none] = [new Stack(app, 'Near'), new Stack(app, 'None')];
    Standards.apply(near, { product: 'P', environment: 'dev' });
    Standards.apply(none, { product: 'P', environment: 'dev', metricMigrations: [] });
    expect(Standards.of(near).metricMigrations).toEqual([migration()]);
    expect(Standards.of(none).metricMigrations).toEqual([]);
  });
});

describe('the last day', () => {
  test.each([['2026-11-28', true], ['2026-11-29', true], ['2027-11-28', true], ['2026-11-27', false], ['2020-02-29', false]])(
    '%s: synthesises on 2026-11-28: %s', (until, isFine) => {
      const apply = () => appWith([migration({ until })]);
      if (isFine) expect(apply).not.toThrow();
      else expect(apply).toThrow(/The old name Chatbot BedrockCalls of BedrockInvocationCount has ended[^]*plumbline metrics audit/);
    });

  test.each(['2026-02-30', '2026-13-01', '26-12-31', '2026-12-31T00:00:00Z', 'soon', ''])('%p is no day', until => {
    expect(() => appWith([migration({ until })])).toThrow(/no last day that is known at synth[^]*a literal day as in "2026-12-31"/);
  });

  test('cannot be a token', () => {
    const until = new CfnParameter(new Stack(), 'Until').valueAsString;
    expect(() => appWith([migration({ until })])).toThrow(/no last day that is known at synth[^]*known only at deployment/);
  });

  const ENDS: [string, number][] = [['2026-12-27', 1], ['2026-12-28', 0], ['2026-11-28', 1]];
  test.each(ENDS)('%s warns %i times on 2026-11-28, once for a stack', (until, times) => {
    const warnings = Annotations.fromStack(stackWith([migration({ until })])).findWarning('*', Match.stringLikeRegexp('The old name'));
    expect(warnings.map(({ id }) => id)).toEqual(Array(times).fill('/Stack'));
    for (const { entry } of warnings) expect(entry.data).toMatch(`Chatbot BedrockCalls of BedrockInvocationCount ends after ${until}`);
  });
});

describe('an old name', () => {
  test.each([
    [{ namespace: '', name: 'x' }, 'namespace'], [{ namespace: ':x', name: 'x' }, 'namespace'],
    [{ namespace: 'AWS/Lambda', name: 'x' }, 'namespace'],
    [{ namespace: 'é', name: 'x' }, 'namespace'], [{ namespace: 'x', name: 'x'.repeat(256) }, 'name'],
    [{ namespace: 'x', name: '' }, 'name'],
    [{ namespace: 'x', name: 'model_id' }, 'name'], [{ namespace: 'x', name: '_aws' }, 'name'],
  ])('%j cannot be emitted', (from, key) => {
    expect(() => appWith([migration({ from })])).toThrow(`The old ${key} of BedrockInvocationCount cannot be emitted`);
  });

  test('cannot be a token', () => {
    const namespace = new CfnParameter(new Stack(), 'Namespace').valueAsString;
    expect(() => appWith([migration({ from: { namespace, name: 'x' } })])).toThrow('The old namespace of BedrockInvocationCount cannot be');
  });

  test('is one metric\'s, once', () => {
    const twice = () => appWith([migration(), migration({ metric: CatalogMetric.ERROR_COUNT })]);
    expect(twice).toThrow(/An old name is listed twice[^]*Chatbot BedrockCalls for BedrockInvocationCount and ErrorCount/);
    expect(() => appWith([migration(), migration()])).toThrow('An old name is listed twice');
    expect(() => appWith([migration(), migration({ from: { ...CALLS, name: 'calls' } })])).not.toThrow();
  });

  test('of a metric that the runtimes do not emit is refused', () => {
    const metric: IEmittedMetric = CatalogMetric.team('Orders');
    expect(() => appWith([migration({ metric })])).toThrow(/Only metrics of the catalogue and of teamMetrics[^]*BedrockInvocationCount, /);
  });
});
