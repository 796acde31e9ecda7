import { CfnFunction, Function } from 'aws-cdk-lib/aws-lambda';
import { HandlerKind } from './handler-kind';
import { StandardLambdaOptions } from './standard-lambda-options';
import { teachingError } from '../standards/teaching-error';

/** The kinds whose answers go to a client over HTTP, and nowhere else. */
const HTTP_ONLY: readonly (HandlerKind | undefined)[] = [HandlerKind.API, HandlerKind.STREAM];

/** Whether Lambda runs a function in durable executions, which are suspended and replayed. */
export function isDurable(fn: Function): boolean {
  return (fn.node.defaultChild as CfnFunction).durableConfig !== undefined;
}

/**
 * How the results and errors of a function leave: as it is asked for, else `AUTO`; of a durable function always `EVENT`.
 *
 * Errors: a durable function of kind `API` or `STREAM`; origins for answers that are no plain HTTP ones.
 */
export function requireHandlerKind(fn: Function, { kind, allowOrigins }: StandardLambdaOptions): HandlerKind {
  const durable = isDurable(fn);
  if (durable && HTTP_ONLY.includes(kind)) {
    throw teachingError(fn, {
      problem: 'A durable function is called by its executions, again for each replay, and what it returns is the state of the execution',
      given: kind,
      allowed: 'HandlerKind.EVENT, which a durable function is by default',
      fix: 'leave kind out, and let another function of kind API start the execution',
    });
  }
  const decided = durable ? HandlerKind.EVENT : kind ?? HandlerKind.AUTO;
  if (allowOrigins?.length && (decided === HandlerKind.EVENT || decided === HandlerKind.STREAM)) {
    throw teachingError(fn, {
      problem: 'Only answers to HTTP requests carry CORS headers',
      given: { kind: decided, allowOrigins },
      allowed: 'allowOrigins with HandlerKind.AUTO or HandlerKind.API',
      fix: 'remove allowOrigins; a streaming handler writes its own headers',
    });
  }
  return decided;
}
