import { CfnOutput, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { EndpointDeployment } from './endpoint-deployment';
import { EndpointScaling } from './endpoint-scaling';
import { EndpointVariant } from './endpoint-variant';
import { HostedVariant, hostVariant, SharedOptions } from './hosted-variant';
import { instanceLimits, requireScalingTarget } from './instance-limits';
import { scaleEndpoint } from './scale-endpoint';
import { Serving } from './serving';
import { ENDPOINT_SETTINGS } from '../contract/data';
import { teachingError } from '../standards/teaching-error';

const { max: MAX_VARIANTS, namePattern, defaultName: OWN } = ENDPOINT_SETTINGS.variants;
const NAME = new RegExp(namePattern);

/** What the variants of an endpoint depend on. */
export interface VariantsOptions {
  readonly furtherVariants?: EndpointVariant[];
  readonly weight?: number;
  readonly scaling?: EndpointScaling;
  readonly deployment?: EndpointDeployment;
}

/** A further variant, with the scope of what belongs to it alone. */
export interface FurtherVariant {
  readonly scope: Construct;
  readonly hosted: HostedVariant;
  readonly scaling?: EndpointScaling;
}

/** All that an endpoint hosts. */
export interface HostedVariants {
  readonly own: HostedVariant;
  readonly further: FurtherVariant[];
}

/** The further variants, checked against each other and against what SageMaker does with several. */
export function requireVariants(scope: Construct, { kind }: Serving, options: VariantsOptions): EndpointVariant[] {
  const { furtherVariants: variants = [], weight = 1 } = options;
  requireWeights(scope, { [OWN]: weight, ...Object.fromEntries(variants.map(variant => [variant.name, variant.weight])) });
  if (variants.length === 0) return [];
  requireShared(scope, kind, options);
  requireNames(scope, variants.map(({ name }) => name));
  requireSameScaling(scope, variants, options.scaling);
  return variants;
}

/** Makes the model of a further variant. */
export function hostFurtherVariant(scope: Construct, variant: EndpointVariant, shared: SharedOptions): FurtherVariant {
  const { scaling, initialInstanceCount: initial } = variant;
  const limits = instanceLimits(scope, { scaling, initial, canBeZero: false });
  const hosted = hostVariant(scope, { ...variant, limits, isOnly: false }, shared);
  const value = hosted.model.exactTitle ?? hosted.model.title;
  new CfnOutput(scope, 'Model', { value, description: `The exact model of ${scope.node.path}` });
  return { scope, hosted, scaling };
}

/** Scales a further variant by its own traffic. */
export function scaleFurtherVariant({ scope, hosted: { name, limits }, scaling }: FurtherVariant, endpointName: string): void {
  if (!scaling) return;
  const target = requireScalingTarget(scope, false, scaling.target);
  scaleEndpoint(scope, { scaled: { kind: 'realtime', endpointName, variant: name }, limits, scaling: { ...scaling, target } });
}

/** A metric of a variant that is not there would never have data. */
export function requireVariant(scope: Construct, names: string[], name: string): void {
  if (Token.isUnresolved(name) || names.includes(name)) return;
  throw teachingError(scope, {
    problem: 'The endpoint has no such variant',
    given: name,
    allowed: names.join(', '),
    fix: `'${names[0]}'`,
  });
}

function requireWeights(scope: Construct, weights: Readonly<Record<string, number>>): void {
  const literal = Object.values(weights).filter(weight => !Token.isUnresolved(weight));
  const isFine = literal.every(weight => Number.isFinite(weight) && weight >= 0)
    && (literal.length < Object.keys(weights).length || literal.some(weight => weight > 0));
  if (isFine) return;
  throw teachingError(scope, {
    problem: 'The traffic of the endpoint cannot be shared by these weights',
    given: weights,
    allowed: 'numbers from 0, not all of them 0',
    fix: 'weight: 9 for the endpoint, and weight: 1 for a further variant: a tenth of the requests',
  });
}

function requireShared(scope: Construct, kind: Serving['kind'], { deployment }: VariantsOptions): void {
  if (kind !== 'realtime') {
    throw teachingError(scope, {
      problem: kind === 'component'
        ? 'With scaleToZero the model is an inference component, which callers name: there is no traffic to share'
        : 'An asynchronous endpoint has one queue, and SageMaker publishes no backlog of a single variant: none could scale by its own',
      given: { inference: kind, furtherVariants: 'given' },
      allowed: 'furtherVariants with Inference.realtime()',
      fix: 'remove furtherVariants, or make a second endpoint',
    });
  }
  if (!deployment?._isRolling) return;
  throw teachingError(scope, {
    problem: 'SageMaker makes no rolling update of an endpoint of several variants',
    given: 'EndpointDeployment.rolling() with furtherVariants',
    allowed: 'EndpointDeployment.allAtOnce, canary and linear',
    fix: 'deployment: EndpointDeployment.canary()',
  });
}

function requireNames(scope: Construct, names: string[]): void {
  const wrong = names.filter((name, index) =>
    Token.isUnresolved(name) || !NAME.test(name) || name === OWN || names.indexOf(name) !== index);
  if (wrong.length === 0 && names.length < MAX_VARIANTS) return;
  throw teachingError(scope, {
    problem: wrong.length > 0 ? 'These cannot be names of variants' : 'An endpoint has no more variants',
    given: wrong.length > 0 ? wrong.map(name => (Token.isUnresolved(name) ? 'a value of the deployment' : name)) : names.length,
    allowed: `at most ${MAX_VARIANTS - 1} different names of letters, digits and dashes, known at synth; ${OWN} is the endpoint's own`,
    fix: 'name: \'Candidate\'',
  });
}

/** An update keeps the numbers of instances of all variants or of none, so one without scaling would never follow its template again. */
function requireSameScaling(scope: Construct, variants: EndpointVariant[], own: EndpointScaling | undefined): void {
  const isScaled = { [OWN]: own !== undefined, ...Object.fromEntries(variants.map(({ name, scaling }) => [name, scaling !== undefined])) };
  if (new Set(Object.values(isScaled)).size === 1) return;
  throw teachingError(scope, {
    problem: 'Some variants scale and some do not. An update keeps the instances of all of them then, also of those whose number is fixed',
    given: { scaling: isScaled },
    allowed: 'scaling for all variants, or for none',
    fix: 'scaling: { minInstances: 1, maxInstances: 1 } for one whose number stays',
  });
}
