import { Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { InstanceLimits } from './instance-limits';
import { INSTANCE_PRICES } from '../contract/data';
import { tryPricePerHour } from '../contract/gpu-fit/gpu-instance';
import { informLate } from '../standards/information';
import { teachingError } from '../standards/teaching-error';
import { Warning } from '../standards/warnings';

const GUIDE = 'https://github.com/cdk-plumbline/cdk-plumbline/blob/main/docs/sagemaker.md#cost';

/** What the price of an endpoint depends on. */
export interface CostOptions {
  /** For people: the endpoint, or one of its variants. */
  readonly what: string;
  readonly instanceType: string;
  /** The types after it, where AWS has none of it free. */
  readonly fallbacks: readonly string[];
  readonly limits: InstanceLimits;
  /** A schedule stops the instances, whatever their least number is. */
  readonly canBeStopped: boolean;
  /** What the user says that an hour of one instance costs. */
  readonly given?: number;
}

/** Says at synth what an hour of the endpoint costs. Of an instance type that only the deployment knows there is nothing to say. */
export function informOfCost(scope: Construct, options: CostOptions): void {
  const { given } = options;
  if (given !== undefined && !Token.isUnresolved(given) && !(Number.isFinite(given) && given >= 0)) throw noPrice(scope, given);
  informLate(scope, () => {
    const [type, price]: unknown[] = [options.instanceType, given].map(value => Stack.of(scope).resolve(value));
    if (typeof type !== 'string' || (given !== undefined && typeof price !== 'number')) return undefined;
    return { id: 'endpointCost', message: `${costOf(scope, type, { ...options, given: price as number | undefined })} ${GUIDE}` };
  });
}

function costOf(scope: Construct, type: string, { what, limits, canBeStopped, given, fallbacks }: CostOptions): Warning['message'] {
  const { currency, region, pricedOn } = INSTANCE_PRICES;
  const price = given ?? tryPricePerHour(type);
  if (price === undefined) return unpriced(what, type);
  const source = given === undefined
    ? `That is the list price of ${region} on ${pricedOn}, not asked of AWS; for another Region or an agreement of yours say pricePerHour.`
    : 'The price is your own pricePerHour.';
  return `An hour of ${what} costs ${amounts(scope, { limits, canBeStopped, type, price })} at ${price} ${currency} each. ${source} `
    + (given === undefined && fallbacks.length > 0 ? `Where it falls back on another type: ${shownPrices(scope, fallbacks)}. ` : '')
    + 'Disks and traffic are beside it, and so are twice the instances during a blue/green update.';
}

interface Amounts extends Pick<CostOptions, 'limits' | 'canBeStopped'> {
  readonly type: string;
  readonly price: number;
}

function amounts(scope: Construct, { limits, canBeStopped, type, price }: Amounts): string {
  const { currency } = INSTANCE_PRICES;
  const [min, max]: unknown[] = [canBeStopped ? 0 : limits.min, limits.max].map(count => Stack.of(scope).resolve(count));
  const cost = (count: number): string => (count * price).toFixed(2);
  if (typeof min !== 'number' || typeof max !== 'number') return `as many instances of ${type} as run then,`;
  if (min === max) return `${cost(max)} ${currency}: ${max} × ${type}`;
  return `from ${cost(min)} to ${cost(max)} ${currency}: ${min} to ${max} × ${type}`;
}

function shownPrices(scope: Construct, types: readonly string[]): string {
  return types.map(type => String(Stack.of(scope).resolve(type)))
    .map(type => `${type} ${tryPricePerHour(type) ?? 'of an unknown price'}`).join(', ');
}

function unpriced(what: string, type: string): string {
  const reasons: Readonly<Record<string, string>> = INSTANCE_PRICES.unpriced;
  const reason = Object.hasOwn(reasons, type) ? reasons[type] : 'its contract has no price of this type';
  return `What an hour of ${what} costs on ${type} the library does not know: ${reason}. Say pricePerHour to be told it.`;
}

function noPrice(scope: Construct, given: number): Error {
  return teachingError(scope, {
    problem: 'This cannot be what an hour of an instance costs',
    given: { pricePerHour: given },
    allowed: `a number of ${INSTANCE_PRICES.currency}, at least 0`,
    fix: 'pricePerHour: 1.52, or none for the price in the contract',
  });
}
