import { Readable } from 'node:stream';
import type { CallerSignal } from '../retry/caller-abort';

/** What the network still sends of an answer. */
export function bodyOf(response: unknown): Readable | undefined {
  const { body } = (response ?? {}) as { body?: unknown };
  return body instanceof Readable ? body : undefined;
}

/** The signal that the caller gave with a command. */
export function signalOf(context: object): CallerSignal | undefined {
  return (context as { __smithy_context?: { abortSignal?: CallerSignal } }).__smithy_context?.abortSignal;
}
