import { performance } from 'node:perf_hooks';
import { CLIENT_POLICY, RUNTIME_ENVIRONMENT } from '../../../../src/contract/data';

const { timerMs: MAX_MS } = RUNTIME_ENVIRONMENT.limits;

/**
 * Calls back once, and tells how late that was. Returns how to stop it. What has come in by then is read first: in a busy process the
 * answer may be there, and Node looks at its timers before it looks at its sockets.
 */
export function startTimer(ms: number, onExpired: (lateMs: number) => void): () => void {
  const waitMs = Math.min(ms, MAX_MS);
  const due = performance.now() + waitMs;
  let afterReading: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    const lateMs = performance.now() - due;
    afterReading = setImmediate(() => onExpired(lateMs));
  }, waitMs);
  return () => {
    clearTimeout(timer);
    if (afterReading) clearImmediate(afterReading);
  };
}

/** Whether a timer was so late that the process stood still, frozen or at work: then nobody else was slow. */
export function stoodStill(lateMs: number): boolean {
  return lateMs >= CLIENT_POLICY.standstillMs;
}
