import { AsyncLocalStorage } from 'node:async_hooks';
import type { Context } from 'aws-lambda';
import type { HandlerKind } from './settings';

/** One call of the function, from event to answer. */
export interface Invocation {
  readonly kind: HandlerKind;
  /** The request id of API Gateway when there is one, else that of Lambda: what the caller sees. */
  readonly requestId: string;
  readonly lambdaRequestId: string;
  /** Infinity where there is no limit, as in a unit test. */
  remainingTimeMs(): number;
}

// A function bundled with its own copy of this module still shares the invocation with the layer's copy.
const STORAGE = Symbol.for('cdk-plumbline.runtime.invocation');
const shared = globalThis as { [STORAGE]?: AsyncLocalStorage<Invocation> };
const storage = shared[STORAGE] ??= new AsyncLocalStorage<Invocation>();

export function currentInvocation(): Invocation | undefined {
  return storage.getStore();
}

export function withInvocation<T>(invocation: Invocation, run: () => T): T {
  return storage.run(invocation, run);
}

export function newInvocation(kind: HandlerKind, event: unknown, context: Partial<Context> | undefined): Invocation {
  const lambdaRequestId = nonEmptyString(context?.awsRequestId) ?? UNKNOWN_REQUEST;
  return {
    kind,
    requestId: gatewayRequestId(event) ?? lambdaRequestId,
    lambdaRequestId,
    remainingTimeMs: () => remainingTime(context),
  };
}

/** The id for an envelope made outside of any invocation. */
export const UNKNOWN_REQUEST = 'unknown';

function gatewayRequestId(event: unknown): string | undefined {
  const requestContext = (event as { requestContext?: { requestId?: unknown } } | null | undefined)?.requestContext;
  return nonEmptyString(requestContext?.requestId);
}

function remainingTime(context: Partial<Context> | undefined): number {
  if (typeof context?.getRemainingTimeInMillis !== 'function') return Infinity;
  const remaining = context.getRemainingTimeInMillis();
  return Number.isFinite(remaining) ? remaining : Infinity;
}

function nonEmptyString(value: unknown): string | undefined {
  return typeof value === 'string' && value.length > 0 ? value : undefined;
}
