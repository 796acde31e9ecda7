import { RUNTIME_ENVIRONMENT } from '../../../src/contract/data';
import { errorChain } from '../envelope/error-chain';
import { newSupportRef } from '../envelope/support-ref';
import { currentInvocation, type Invocation } from '../telemetry/invocation';
import { LOG_EVENTS, logEvent } from '../telemetry/log';

const { timeoutMarginMs, timeoutMarginShare } = RUNTIME_ENVIRONMENT.limits;

/** The function's own time is nearly over. Its name is what the contract maps to TIMEOUT. */
export class InvocationTimeout extends Error {
  constructor(remainingMs: number) {
    super(`No answer with ${Math.round(remainingMs)} ms left of the function's time`);
    this.name = 'TimeoutError';
  }
}

const running = new Map<Invocation, (error: unknown) => void>();

/**
 * Waits for the work of an invocation, but not for ever: it fails shortly before Lambda would end the function without an
 * answer, and when the work drops an error that nobody catches.
 */
export function guard<T>(invocation: Invocation, work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = startTimer(invocation, reject);
    running.set(invocation, reject);
    const settle = <V>(how: (value: V) => void) => (value: V) => {
      clearTimeout(timer);
      running.delete(invocation);
      how(value);
    };
    try {
      work().then(settle(resolve), settle(reject));
    } catch (error) {
      settle(reject)(error);
    }
  });
}

function startTimer(invocation: Invocation, reject: (error: unknown) => void): NodeJS.Timeout | undefined {
  const remaining = invocation.remainingTimeMs();
  if (remaining === Infinity) return undefined;
  const margin = Math.min(timeoutMarginMs, Math.max(0, remaining) * timeoutMarginShare);
  return setTimeout(() => {
    running.delete(invocation);
    const left = invocation.remainingTimeMs();
    logEvent('warn', LOG_EVENTS.timeoutCloseBy, { remaining_ms: Math.round(left) });
    reject(new InvocationTimeout(left));
  }, Math.max(0, remaining - margin));
}

let installed = false;

/**
 * An error that nobody catches fails the invocation it comes from, not the process: Lambda would answer with the raw error,
 * and the next request would pay for the restart. What comes from no invocation ends the process, as without us.
 */
export function catchStrayErrors(): void {
  if (installed) return;
  installed = true;
  process.on('uncaughtException', onStrayError);
  process.on('unhandledRejection', onStrayError);
}

function onStrayError(error: unknown): void {
  const origin = currentInvocation();
  const fail = origin && running.get(origin);
  if (fail) return fail(error);
  logEvent('error', LOG_EVENTS.strayError, { support_ref: newSupportRef(), after_answer: origin !== undefined, errors: errorChain(error) });
  if (!origin) process.exit(1);
}
