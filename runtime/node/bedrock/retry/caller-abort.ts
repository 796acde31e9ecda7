import { abortError } from './time-limit-errors';

/** The part of an abort signal that every kind the SDK accepts has in common. */
export interface CallerSignal {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener?: unknown;
  onabort?: unknown;
}

type Listening = CallerSignal & Pick<AbortSignal, 'addEventListener' | 'removeEventListener'>;

/** Calls `listener` once when the caller aborts, and at once when that has happened. Returns how to stop listening. */
export function onCallerAbort(signal: CallerSignal | undefined, listener: (error: Error) => void): () => void {
  if (!signal) return () => undefined;
  const fire = () => listener(abortError(signal));
  if (signal.aborted) {
    fire();
    return () => undefined;
  }
  if (typeof signal.addEventListener === 'function') {
    const target = signal as Listening;
    target.addEventListener('abort', fire, { once: true });
    return () => target.removeEventListener('abort', fire);
  }
  signal.onabort = fire;
  return () => { signal.onabort = null; };
}

export function throwIfAborted(signal: CallerSignal | undefined): void {
  if (signal?.aborted) throw abortError(signal);
}
