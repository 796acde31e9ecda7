import { CallerSignal, onCallerAbort } from './caller-abort';
import { startTimer, stoodStill } from './timer';

/** What the work comes to, or undefined when it takes longer than the limit. Rejects at once when the caller aborts. */
export async function waitAtMost<T>(work: Promise<T>, limitMs: () => number, signal: CallerSignal | undefined): Promise<T | undefined> {
  let stopTimer = () => undefined as void;
  let stopListening = () => undefined as void;
  const limit = new Promise<undefined>((resolve, reject) => {
    const wait = () => { stopTimer = startTimer(limitMs(), lateMs => (stoodStill(lateMs) ? wait() : resolve(undefined))); };
    wait();
    stopListening = onCallerAbort(signal, reject);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    stopTimer();
    stopListening();
  }
}

/** Waits. Rejects at once when the caller aborts, and leaves nothing behind. */
export async function pause(ms: number, signal: CallerSignal | undefined): Promise<void> {
  let stopListening = () => undefined as void;
  let stopTimer = () => undefined as void;
  try {
    await new Promise<void>((resolve, reject) => {
      stopTimer = startTimer(ms, () => resolve());
      stopListening = onCallerAbort(signal, reject);
    });
  } finally {
    stopTimer();
    stopListening();
  }
}
