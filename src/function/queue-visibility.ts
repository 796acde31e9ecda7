import { CfnFunction, Function } from 'aws-cdk-lib/aws-lambda';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { findEventSourceMappings } from './event-callers';
import { FUNCTION_SETTINGS } from '../contract/data';
import { AppAtSynth } from '../standards/app-at-synth';
import { referencesIn } from '../standards/late-values/references';
import { teachingMessage } from '../standards/teaching-error';

const { ofLambda, ofSqs } = FUNCTION_SETTINGS;

/**
 * Queues of the app that show a message again while the function may still be at work on it: Lambda refuses such an event source when
 * it is deployed. Times that are known only then are not compared.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export function findShortVisibility(fn: Function): string[] {
  const queues = queuesOf(fn);
  if (queues.length === 0) return [];
  const app = AppAtSynth.of(fn);
  const seconds = app.properties(fn.node.defaultChild as CfnFunction).Timeout ?? ofLambda.timeoutSeconds;
  return queues.flatMap(queue => {
    const visible = app.properties(queue).VisibilityTimeout ?? ofSqs.visibilityTimeoutSeconds;
    if (typeof seconds !== 'number' || typeof visible !== 'number' || visible >= seconds) return [];
    return [teachingMessage(fn, {
      problem: 'The queue shows a message again before the function must be done with it, and Lambda refuses the event source',
      given: `visibilityTimeout ${visible} s of ${queue.node.path}, timeout ${seconds} s of the function`,
      allowed: 'a visibilityTimeout of at least the timeout of the function; AWS recommends six times as much',
      fix: `give the queue visibilityTimeout: Duration.seconds(${6 * seconds}), or the function a shorter timeout`,
    })];
  });
}

function queuesOf(fn: Function): CfnQueue[] {
  return findEventSourceMappings(fn)
    .flatMap(mapping => referencesIn(mapping, mapping.eventSourceArn))
    .filter(source => source instanceof CfnQueue);
}
