import { AsyncLocalStorage } from 'node:async_hooks';
import type { Context } from 'aws-lambda';
import type { HandlerKind } from './settings';
import { RUNTIME_ENVIRONMENT } from '../../../src/contract/data';

/** How one invocation is answered: a function of kind AUTO decides it for each event. */
export type InvocationKind = Exclude<HandlerKind, 'AUTO'>;

/** One call of the function, from event to answer. */
export interface Invocation {
  readonly kind: InvocationKind;
  /** The request id of API Gateway when there is one, else that of Lambda: what the caller sees. */
  readonly requestId: string;
  readonly lambdaRequestId: string;
  /** Infinity where there is no limit, as in a unit test. */
  remainingTimeMs(): number;
}

interface Invocations {
  readonly storage: AsyncLocalStorage<Invocation>;
  readonly running: Set<Invocation>;
  /** Whether requests have run side by side: from then on the only one that is running need not be the one that work belongs to. */
  sideBySide?: boolean;
}

// A function bundled with its own copy of this module still shares the invocations with the layer's copy.
const KEY = Symbol.for(`${RUNTIME_ENVIRONMENT.bundleMarker}invocations`);
const shared = globalThis as { [KEY]?: Invocations };
const invocations = shared[KEY] ??= { storage: new AsyncLocalStorage(), running: new Set() };
const { storage, running } = invocations;

/**
 * The invocation that the code at work belongs to. The asynchronous context tells, except that a pooled connection keeps the
 * context of the request that opened it: once that one is answered, the work is for the only request that is running, where
 * requests come one at a time.
 */
export function currentInvocation(): Invocation | undefined {
  const origin = storage.getStore();
  if (invocations.sideBySide || running.size !== 1 || isRunning(origin)) return origin;
  const [only] = running;
  return only;
}

/** Runs what one invocation does; it is running until that is over. */
export function withInvocation<T>(invocation: Invocation, run: () => T): T {
  // One that is made within another is part of that one.
  if (running.size > 0 && !isRunning(storage.getStore())) invocations.sideBySide = true;
  running.add(invocation);
  const over = (): void => void running.delete(invocation);
  try {
    const result = storage.run(invocation, run);
    if (result instanceof Promise) result.then(over, over);
    else over();
    return result;
  } catch (error) {
    over();
    throw error;
  }
}

const isRunning = (invocation: Invocation | undefined): boolean => invocation !== undefined && running.has(invocation);

export function newInvocation(kind: InvocationKind, event: unknown, context: Partial<Context> | undefined): Invocation {
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
  try {
    const remaining = context.getRemainingTimeInMillis();
    return Number.isFinite(remaining) ? remaining : Infinity;
  } catch {
    return Infinity;
  }
}

function nonEmptyString(value: unknown): string | undefined {
  return typeof value === 'string' && value.length > 0 ? value : undefined;
}
