import { RUNTIME_ENVIRONMENT } from '../../../../src/contract/data';
import { newSupportRef } from '../../envelope/support-ref';
import { errorChain } from '../../telemetry/error-chain';
import { currentInvocation, type Invocation } from '../../telemetry/invocation';
import { LOG_EVENTS, logEvent } from '../../telemetry/log';

const { timeoutMarginMs, timeoutMarginShare, timerMs } = RUNTIME_ENVIRONMENT.limits;

/** The function's own time is nearly over. Its name is what the contract maps to TIMEOUT. */
export class InvocationTimeout extends Error {
  constructor(remainingMs: number) {
    super(`No answer with ${Math.round(remainingMs)} ms left of the function's time`);
    this.name = 'TimeoutError';
  }
}

/** How to fail the work of each invocation that is guarded. */
const failures = new Map<Invocation, (error: unknown) => void>();

/**
 * Waits for the work of an invocation, but not for ever: it fails shortly before Lambda would end the function without an
 * answer, and when the work drops an error that nobody catches.
 */
export function guard<T>(invocation: Invocation, work: () => Promise<T>): Promise<T> {
  return failingWith(invocation, work, reject => startTimer(invocation, remainingMs => {
    failures.delete(invocation);
    reject(new InvocationTimeout(remainingMs));
  }));
}

/** Fails at an error that nobody catches, but waits as long as Lambda does; the log says that the time is nearly over. */
export function watch<T>(invocation: Invocation, work: () => Promise<T>): Promise<T> {
  return failingWith(invocation, work, () => startTimer(invocation));
}

function failingWith<T>(
  invocation: Invocation, work: () => Promise<T>, start: (reject: (error: unknown) => void) => NodeJS.Timeout | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = start(reject);
    failures.set(invocation, reject);
    const settle = <V>(how: (value: V) => void) => (value: V) => {
      clearTimeout(timer);
      failures.delete(invocation);
      how(value);
    };
    try {
      work().then(settle(resolve), settle(reject));
    } catch (error) {
      settle(reject)(error);
    }
  });
}

function startTimer(invocation: Invocation, onExpired?: (remainingMs: number) => void): NodeJS.Timeout | undefined {
  const remaining = invocation.remainingTimeMs();
  if (remaining === Infinity) return undefined;
  const margin = Math.min(timeoutMarginMs, Math.max(0, remaining) * timeoutMarginShare);
  return setTimeout(() => {
    const left = invocation.remainingTimeMs();
    logEvent('warn', LOG_EVENTS.timeoutCloseBy, { remaining_ms: Math.round(left) });
    onExpired?.(left);
  }, Math.min(timerMs, Math.max(0, remaining - margin)));
}

type Listener = (error: unknown) => void;

const STRAY_ERRORS = ['uncaughtException', 'unhandledRejection'] as const;
/** Who listened before, by event, while the runtime listens. */
let others: ReadonlyMap<string, readonly Listener[]> | undefined;

/**
 * An error that nobody catches fails the invocation it belongs to, not the process: Lambda would answer with the raw error,
 * and the next request would pay for the restart. What belongs to no invocation ends the process, as without us.
 *
 * Whoever listens already is Lambda's own client, which on Node.js 22 ends the process at every such error; what the function's own
 * code adds later stays.
 */
export function catchStrayErrors(): void {
  if (others) return;
  others = new Map(STRAY_ERRORS.map(event => [event, process.rawListeners(event) as Listener[]]));
  for (const event of STRAY_ERRORS) process.removeAllListeners(event).on(event, onStrayError);
  process.stdout.on('error', onClosedLog);
}

/** For a start that fails: on Node.js 22 it is such a listener of Lambda's client that tells Lambda so. */
export function leaveStrayErrors(): void {
  for (const [event, listeners] of others ?? []) {
    process.removeListener(event, onStrayError);
    for (const listener of listeners) process.on(event, listener);
  }
  process.stdout.removeListener('error', onClosedLog);
  others = undefined;
}

/** As without us. A line about it would be the next such error, without end. */
function onClosedLog(): void {
  process.exit(1);
}

function onStrayError(error: unknown): void {
  const invocation = currentInvocation();
  const fail = invocation && failures.get(invocation);
  if (fail) return fail(error);
  logEvent('error', LOG_EVENTS.strayError, {
    support_ref: newSupportRef(), after_answer: invocation !== undefined, errors: errorChain(error),
  });
  if (!invocation) process.exit(1);
}
