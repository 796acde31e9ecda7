import { TOKEN_PRICES } from './data';
import { withoutContextSize } from './known-models';
import { tryModelReference } from './model-reference';

/** What tokens of a model cost, in USD for a million of them. */
export interface TokenPrices {
  /** Tokens of the input that are read anew. */
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

interface PricedModel {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly notGlobalPercent?: number;
}

const MODELS: Readonly<Record<string, PricedModel>> = TOKEN_PRICES.models;

/** What the tokens of a model cost that is called by this name: an id, a profile, or an ARN; undefined where the table does not say. */
export function tryTokenPrices(name: string): TokenPrices | undefined {
  const reference = tryModelReference(name);
  const model = withoutContextSize(reference?.model ?? reference?.id ?? name);
  if (!Object.hasOwn(MODELS, model)) return undefined;
  const { notGlobalPercent = 0, ...prices } = MODELS[model];
  const percent = 100 + (reference?.kind === 'global-profile' ? 0 : notGlobalPercent);
  return timesPercent(completePrices(prices), percent);
}

/** What is not told of a cache counts as input. */
export function completePrices({ input, output, cacheRead = input, cacheWrite = input }: PricedModel): TokenPrices {
  return { input, output, cacheRead, cacheWrite };
}

function timesPercent(prices: TokenPrices, percent: number): TokenPrices {
  const [input, output, cacheRead, cacheWrite] = [prices.input, prices.output, prices.cacheRead, prices.cacheWrite]
    .map(price => withoutNoise(price * percent / 100));
  return { input, output, cacheRead, cacheWrite };
}

/** What binary fractions leave at the end of a sum or a product. */
export function withoutNoise(price: number): number {
  return Number(price.toPrecision(12));
}
