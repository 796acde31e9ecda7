import type { Context } from 'aws-lambda';
import { RUNTIME_ENVIRONMENT } from '../../../../src/contract/data';

type Answer = (error?: unknown, result?: unknown) => void;

const UNDER_STANDARD = Symbol.for(`${RUNTIME_ENVIRONMENT.bundleMarker}under-standard`);

/**
 * Whether a handler is called from within another one that is under the standard already. The context it is given says so:
 * wrappers hand it on, copied or not, while the asynchronous context of an invocation may outlive it.
 */
export function isUnderStandard(context: unknown): boolean {
  return typeof context === 'object' && context !== null && UNDER_STANDARD in context;
}

/**
 * The context as the handler gets it: a copy with our mark. Where Lambda offers `succeed`, `fail` and `done`, `answer` takes what they are
 * given: Lambda's own would send it to the caller as it is, and start the next invocation inside of this one.
 */
export function ownContext(context: Context, answer?: Answer): Context {
  if (typeof context !== 'object' || context === null) return context;
  const properties: PropertyDescriptorMap = {
    ...Object.getOwnPropertyDescriptors(context),
    [UNDER_STANDARD]: { value: true, enumerable: true },
  };
  for (const [name, method] of Object.entries(answer ? answeringMethods(answer) : {})) {
    if (name in context) properties[name] = { value: method, writable: true, configurable: true, enumerable: true };
  }
  return Object.create(Object.getPrototypeOf(context) as object | null, properties) as Context;
}

function answeringMethods(answer: Answer): Record<string, (...args: unknown[]) => void> {
  return {
    succeed: result => answer(undefined, result),
    fail: error => answer(error ?? 'handled'),
    done: answer,
  };
}
