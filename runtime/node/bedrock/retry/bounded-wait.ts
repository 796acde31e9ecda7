import { CallerSignal, onCallerAbort } from './caller-abort';

export interface WaitLimits {
  readonly limitMs: number;
  readonly signal: CallerSignal | undefined;
}

/** What the work comes to, or undefined when it takes longer than the limit. Rejects at once when the caller aborts. */
export async function waitAtMost<T>(work: Promise<T>, { limitMs, signal }: WaitLimits): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  let stopListening = () => undefined as void;
  const limit = new Promise<undefined>((resolve, reject) => {
    timer = setTimeout(resolve, limitMs, undefined);
    stopListening = onCallerAbort(signal, reject);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
    stopListening();
  }
}

export async function pause(limits: WaitLimits): Promise<void> {
  await waitAtMost(new Promise<void>(() => undefined), limits);
}
