import type { Context } from 'aws-lambda';
import { ownContext } from './own-context';
import { isError } from '../../telemetry/thrown';

type Callback = (error?: unknown, result?: unknown) => void;

/** A handler as users write it: async, sync, or answering through the callback. */
export type UserHandler = (event: never, context: never, callback: never) => unknown;

/** A handler that streams its answer. */
export type UserStreamHandler = (event: never, stream: never, context: never) => unknown;

export const CALLBACK_PARAMETERS = 3;

/** Lambda takes no callback handlers from Node.js 24 on: no third argument, and what is returned is the answer. */
export const TAKES_CALLBACKS = Number.parseInt(process.versions.node, 10) < 24;

const TAKES_A_LIST = /\.\.\.|\barguments\b/;

/**
 * Calls a handler as Lambda itself would. But an error that is returned or handed over as a result counts as thrown, since as a
 * result it would leave with all of its properties.
 */
export async function callHandler(
  handler: UserHandler, event: unknown, context: Context, takesCallbacks = TAKES_CALLBACKS,
): Promise<unknown> {
  const result = await callAsLambda(handler, event, context, takesCallbacks);
  if (isError(result)) throw result;
  return result;
}

/** Calls a handler as Lambda itself would, in whatever style it is written; the first answer counts. */
export function callAsLambda(handler: UserHandler, event: unknown, context: Context, takesCallbacks = TAKES_CALLBACKS): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const callback: Callback = (error, result) => (error === undefined || error === null ? resolve(result) : reject(error));
    const call = handler as (event: unknown, context: Context, ...callback: Callback[]) => unknown;
    const returned = call(event, ownContext(context, callback), ...(takesCallbacks ? [callback] : []));
    if (isThenable(returned)) returned.then(resolve, reject);
    else if (!takesCallbacks || !answersByCallback(handler, returned)) resolve(returned);
  });
}

/** The length of a wrapper that takes its arguments as a list, as New Relic's does, tells nothing. */
function answersByCallback(handler: UserHandler, returned: unknown): boolean {
  if (handler.length >= CALLBACK_PARAMETERS) return true;
  return returned === undefined && handler.length === 0 && TAKES_A_LIST.test(Function.prototype.toString.call(handler));
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}
