import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { WatchedEndpoint } from './watched-endpoint';
import { ALARMS } from '../contract/data';
import { teachingError } from '../standards/teaching-error';

const { slow: SLOW, asynchronous: ASYNCHRONOUS } = ALARMS.endpoint;

/** When the alarms of an endpoint that users may set ring. */
export interface AlarmThresholds {
  readonly slowAfterMs: number;
  readonly waitingAfterSeconds: number;
}

/**
 * What is given, or what the standard has.
 *
 * Errors: a threshold that SageMaker's own limits make void, that is not known at synth, or that has no alarm to set.
 */
export function requireThresholds(endpoint: Construct, watched: WatchedEndpoint): AlarmThresholds {
  const { slowAfter, waitingAfter, queue } = watched;
  const slow = queue ? ASYNCHRONOUS.slow : SLOW;
  if (waitingAfter && !queue) throw withoutQueue(endpoint, waitingAfter);
  return {
    slowAfterMs: requireThreshold(endpoint, watched, {
      prop: 'slowAfter',
      given: slowAfter,
      otherwise: slow.thresholdMs,
      below: slow.timeoutMs,
      unit: MILLISECONDS,
      problem: 'An alarm on slow answers could never ring, or its threshold is not known: SageMaker gives up on a model server before',
      example: 'Duration.seconds(30)',
    }),
    waitingAfterSeconds: requireThreshold(endpoint, watched, {
      prop: 'waitingAfter',
      given: waitingAfter,
      otherwise: ASYNCHRONOUS.waiting.thresholdSeconds,
      below: ASYNCHRONOUS.waiting.lostAfterSeconds,
      unit: SECONDS,
      problem: 'An alarm on waiting requests could never ring, or its threshold is not known: SageMaker drops the requests before',
      example: 'Duration.hours(1)',
    }),
  };
}

interface Threshold {
  readonly prop: string;
  readonly given?: Duration;
  readonly otherwise: number;
  readonly below: number;
  readonly unit: ThresholdUnit;
  readonly problem: string;
  readonly example: string;
}

interface ThresholdUnit {
  readonly name: string;
  readonly of: (duration: Duration) => number;
}

const MILLISECONDS: ThresholdUnit = { name: 'ms', of: duration => duration.toMilliseconds({ integral: false }) };
const SECONDS: ThresholdUnit = { name: 's', of: duration => duration.toSeconds({ integral: false }) };

function requireThreshold(endpoint: Construct, { alarms }: WatchedEndpoint, threshold: Threshold): number {
  const { prop, given, otherwise, below, unit, problem, example } = threshold;
  if (given === undefined) return otherwise;
  if (alarms === false) {
    throw teachingError(endpoint, {
      problem: `${prop} sets an alarm that alarms: false leaves out`,
      given: { alarms, [prop]: given.toString() },
      allowed: `${prop} with alarms`,
      fix: 'remove one of the two',
    });
  }
  const value = given.isUnresolved() ? NaN : unit.of(given);
  if (Number.isInteger(value) && value >= 1 && value < below) return value;
  throw teachingError(endpoint, {
    problem,
    given: given.isUnresolved() ? given : `${value} ${unit.name}`,
    allowed: `a literal from 1 ${unit.name} to ${below - 1} ${unit.name}`,
    fix: `write ${prop} out, for example ${prop}: ${example}, or leave it out`,
  });
}

function withoutQueue(endpoint: Construct, waitingAfter: Duration): Error {
  return teachingError(endpoint, {
    problem: 'Nothing waits in front of an endpoint in real time: waitingAfter has no alarm to set',
    given: { waitingAfter: waitingAfter.toString() },
    allowed: 'waitingAfter with Inference.asynchronous',
    fix: 'remove waitingAfter, or take Inference.asynchronous',
  });
}
