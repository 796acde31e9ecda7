import type { Context } from 'aws-lambda';

type Callback = (error?: unknown, result?: unknown) => void;

/** A handler as users write it: async, sync, or answering through the callback. */
export type UserHandler = (event: never, context: never, callback: never) => unknown;

/** A handler that streams its answer. */
export type UserStreamHandler = (event: never, stream: never, context: never) => unknown;

const CALLBACK_PARAMETERS = 3;

/**
 * Calls a handler in whatever style it is written; the first answer counts.
 *
 * Lambda itself no longer takes callback handlers from Node 24 on: to it every function of ours is async.
 */
export function callHandler(handler: UserHandler, event: unknown, context: Context): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const callback: Callback = (error, result) => (error === undefined || error === null ? resolve(result) : reject(error));
    const call = handler as (event: unknown, context: Context, callback: Callback) => unknown;
    const returned = call(event, context, callback);
    if (isThenable(returned)) returned.then(resolve, reject);
    else if (returned !== undefined || handler.length < CALLBACK_PARAMETERS) resolve(returned);
  });
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}
