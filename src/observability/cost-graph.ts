import { Duration, Token } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { IConstruct } from 'constructs';
import { CatalogMetric } from './catalog-metric';
import { CountedWidget, graph } from './dashboard-part';
import { searchText } from './dashboard-searches';
import { TokenPrice } from './token-price';
import { TOKEN_PRICES } from '../contract/data';
import { METRICS } from '../contract/metric-entry';
import { completePrices, TokenPrices, tryTokenPrices, withoutNoise } from '../contract/token-price';
import { Standards } from '../standards/standards';
import { teachingError } from '../standards/teaching-error';

const { tokens: TOKENS, pricedOn: PRICED_ON, graphPeriodSeconds: PERIOD, currency: CURRENCY } = TOKEN_PRICES;

/**
 * A graph takes 100 searches, and a model has up to four.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
const MODELS_OF_A_GRAPH = 25;

/** A model, and what its tokens cost. */
export interface PricedModel {
  readonly model: string;
  readonly prices: TokenPrices;
}

/**
 * The models with the prices given, or those of the table.
 *
 * Errors: a model without a price, twice, or not known at synth; a price below zero; prices of a model that is not shown.
 */
export function requirePrices(scope: IConstruct, models: readonly string[], own: readonly TokenPrice[]): PricedModel[] {
  const refused = (problem: string, given: unknown, fix: string): Error => teachingError(scope, {
    problem, given, allowed: `models with a price: ${Object.keys(TOKEN_PRICES.models).join(', ')}, and profiles of them`, fix,
  });
  const useless = own.filter(({ model }) => !models.includes(model)).map(({ model }) => model);
  if (useless.length > 0) throw refused('tokenPrices has prices of models whose cost is not shown', useless, 'name them in models too');
  return models.map((model, index) => {
    const given = own.find(price => price.model === model);
    const prices = given ? completePrices(given) : tryTokenPrices(model);
    if (Token.isUnresolved(model) || models.indexOf(model) !== index) {
      throw refused('models lists what is not known at synth, or one model twice', model, 'write each name out, once');
    }
    if (!prices) throw refused('The standard knows no price of this model', model, 'add its input and output prices to tokenPrices');
    if (!Object.values(prices).every(price => Number.isFinite(price) && price >= 0)) {
      throw refused('A price is a number of USD, from zero on', given, 'mend the price in tokenPrices');
    }
    return { model, prices };
  });
}

/** What the tokens of each model cost, an estimate: prices of one day, without discounts, in us-east-1. */
export function costGraphs(scope: IConstruct, models: readonly PricedModel[], serviceName?: string): CountedWidget[] {
  const title = `Estimate of cost by model, ${CURRENCY} for ${Duration.seconds(PERIOD).toHumanString()}, prices of ${PRICED_ON} or yours`;
  const graphs = Array.from({ length: Math.ceil(models.length / MODELS_OF_A_GRAPH) }, (_value, index) =>
    models.slice(index * MODELS_OF_A_GRAPH, (index + 1) * MODELS_OF_A_GRAPH));
  return graphs.map(some => graph(title, some.map(one => costOf(scope, one, serviceName)), { stacked: true }));
}

/**
 * The input counts all of its tokens; those of the cache are a part of it with prices of their own. A model without a cache, or without
 * output, never emits these metrics, and a search that finds nothing makes the whole expression nothing. So each of them is searched for
 * together with the input, which is always there, and the input is taken off again by its factor.
 */
function costOf(scope: IConstruct, { model, prices }: PricedModel, serviceName: string | undefined): MathExpression {
  const { input, output, cacheRead, cacheWrite } = prices;
  const factors: [number, CatalogMetric[]][] = [
    [3 * input - cacheRead - cacheWrite - output, []],
    [output, [CatalogMetric.BEDROCK_OUTPUT_TOKEN_COUNT]],
    [cacheRead - input, [CatalogMetric.BEDROCK_CACHE_READ_TOKEN_COUNT]],
    [cacheWrite - input, [CatalogMetric.BEDROCK_CACHE_WRITE_TOKEN_COUNT]],
  ];
  const terms = factors.map(([factor, metrics]) => [withoutNoise(factor), metrics] as const).filter(([factor]) => factor !== 0)
    .map(([factor, metrics]) => `${factor < 0 ? '-' : '+'} ${Math.abs(factor)} * SUM(${searchOf(scope, metrics, model, serviceName)})`);
  return new MathExpression({
    expression: `(0 ${terms.join(' ')}) / ${TOKENS}`,
    label: model,
    period: Duration.seconds(PERIOD),
  });
}

function searchOf(scope: IConstruct, metrics: readonly CatalogMetric[], model: string, serviceName: string | undefined): string {
  const input = CatalogMetric.BEDROCK_INPUT_TOKEN_COUNT;
  return searchText({
    namespace: input.namespace(scope),
    dimensions: METRICS.find(({ id }) => id === input.id)!.dimensions,
    values: {
      model_id: model, environment: Standards.of(scope).environment, ...serviceName !== undefined && { service_name: serviceName },
    },
    names: [input, ...metrics].map(({ metricName }) => metricName),
    statistic: 'Sum',
    periodSeconds: PERIOD,
  });
}
