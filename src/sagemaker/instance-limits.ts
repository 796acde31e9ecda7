import { Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { EndpointScaling } from './endpoint-scaling';
import { ScalingTarget } from './scaling-target';
import { ENDPOINT_SETTINGS } from '../contract/data';
import { teachingError } from '../standards/teaching-error';

/** How few, how many, and how many at first. */
export interface InstanceLimits {
  readonly min: number;
  readonly max: number;
  readonly initial: number;
}

/** What the numbers of instances depend on. */
export interface LimitsOptions {
  /** Undefined where their number is fixed. */
  readonly scaling?: EndpointScaling;
  /** What the user said; undefined for nothing. */
  readonly initial?: number;
  readonly canBeZero: boolean;
}

/** The numbers of instances, checked against each other as far as they are known. */
export function instanceLimits(scope: Construct, { scaling, initial: given, canBeZero }: LimitsOptions): InstanceLimits {
  if (!scaling) {
    const count = requireCount(scope, { name: 'initialInstanceCount', count: given ?? 1, least: 1 });
    return { min: count, max: count, initial: count };
  }
  const min = requireMin(scope, scaling.minInstances ?? (canBeZero ? 0 : 1), canBeZero);
  const max = requireCount(scope, { name: 'maxInstances', count: scaling.maxInstances, least: 1 });
  requireOrder(scope, ['minInstances', min], ['maxInstances', max]);
  const initial = requireCount(scope, {
    name: 'initialInstanceCount', count: given ?? (Token.isUnresolved(min) ? min : Math.max(1, min)), least: 1,
  });
  requireOrder(scope, ['minInstances', min], ['initialInstanceCount', initial]);
  requireOrder(scope, ['initialInstanceCount', initial], ['maxInstances', max]);
  return { min, max, initial };
}

function requireMin(scope: Construct, min: number, canBeZero: boolean): number {
  if (min !== 0 || canBeZero) return requireCount(scope, { name: 'minInstances', count: min, least: canBeZero ? 0 : 1 });
  throw teachingError(scope, {
    problem: 'SageMaker takes no real-time endpoint of this kind down to zero instances: only one that hosts an inference component',
    given: { minInstances: 0 },
    allowed: 'minInstances from 1; or 0 with Inference.realtime({ scaleToZero: true }) or Inference.asynchronous()',
    fix: 'inference: Inference.realtime({ scaleToZero: true }); callers then name the inference component too',
  });
}

function requireCount(scope: Construct, { name, count, least }: { name: string; count: number; least: number }): number {
  if (Token.isUnresolved(count) || (Number.isInteger(count) && count >= least)) return count;
  throw teachingError(scope, {
    problem: `The endpoint cannot have this number of instances: ${name}`,
    given: count,
    allowed: `a whole number, at least ${least}`,
    fix: `${name}: ${Math.max(1, least)}`,
  });
}

function requireOrder(scope: Construct, [low, least]: [string, number], [high, most]: [string, number]): void {
  if (Token.isUnresolved(least) || Token.isUnresolved(most) || least <= most) return;
  throw teachingError(scope, {
    problem: `${low} is above ${high}`,
    given: { [low]: least, [high]: most },
    allowed: 'minInstances ≤ initialInstanceCount ≤ maxInstances',
    fix: `raise ${high} to ${least}, or lower ${low} to ${most}`,
  });
}

/** The target of an endpoint: the given one, if such endpoints publish its metric. */
export function requireScalingTarget(scope: Construct, isAsynchronous: boolean, given: ScalingTarget | undefined): ScalingTarget {
  const { defaultBacklog, defaultConcurrentRequests } = ENDPOINT_SETTINGS.scaling;
  const fallback = isAsynchronous ? ScalingTarget.backlog(defaultBacklog) : ScalingTarget.concurrentRequests(defaultConcurrentRequests);
  if (given === undefined) return fallback;
  if ((given._kind === 'backlog') !== isAsynchronous) {
    throw teachingError(scope, {
      problem: isAsynchronous
        ? 'An asynchronous endpoint publishes neither invocations nor concurrent requests, so it would never scale by them'
        : 'A real-time endpoint has no backlog: requests that it cannot take are refused',
      given: given._kind,
      allowed: isAsynchronous ? 'ScalingTarget.backlog' : 'ScalingTarget.concurrentRequests and ScalingTarget.invocationsPerMinute',
      fix: `target: ScalingTarget.${fallback._kind}(${fallback._count}), or none`,
    });
  }
  if (Token.isUnresolved(given._count) || (Number.isFinite(given._count) && given._count > 0)) return given;
  throw teachingError(scope, {
    problem: 'This cannot be the work of one instance',
    given: given._count,
    allowed: 'a number above 0',
    fix: `ScalingTarget.${given._kind}(${fallback._count})`,
  });
}
