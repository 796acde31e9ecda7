import { Readable } from 'node:stream';
import type { HttpResponse } from '@smithy/types';
import type { Attempt } from './attempt';
import { AttemptClock } from './attempt-clock';
import { CallerSignal, onCallerAbort } from './caller-abort';
import { TimeLimitError } from './time-limit-errors';

/** What goes on until the last byte of an answer, or until it is given up. */
export interface OpenExchange {
  readonly clock: AttemptClock;
  /** To be called once, when nothing more is to be watched. */
  settle(): void;
}

export interface GuardedExchangeOptions {
  readonly attempt: Attempt;
  readonly callerSignal: CallerSignal | undefined;
  /** Sends the request; ends when the signal says so. */
  send(signal: AbortSignal): Promise<{ response: HttpResponse }>;
  /** Takes over the body of the answer, and settles the exchange at its end. */
  takeBody(response: HttpResponse, body: Readable, exchange: OpenExchange): Readable;
}

/** A request that ends when a limit is reached or the caller aborts, and whose answer does so too, to its last byte. */
export async function guardedExchange({ attempt, callerSignal, send, takeBody }: GuardedExchangeOptions): Promise<{ response: HttpResponse }> {
  if (attempt.abandoned) throw new TimeLimitError('read', attempt.limits.readMs);
  const guard = new ExchangeGuard();
  const clock = attempt.clock = new AttemptClock(attempt.limits, error => guard.fail(error));
  const stopListening = onCallerAbort(callerSignal, error => guard.fail(error));
  const settle = () => {
    clock.stop();
    stopListening();
  };
  clock.reading();
  try {
    const { response } = await guard.race(send(guard.signal));
    if (response.body instanceof Readable) response.body = takeBody(response, guard.holds(response.body), { clock, settle });
    else settle();
    return { response };
  } catch (error) {
    settle();
    throw error;
  }
}

class ExchangeGuard {
  private readonly aborter = new AbortController();
  private readonly failure: Promise<never>;
  private reject!: (error: Error) => void;
  private body: Readable | undefined;

  public constructor() {
    this.failure = new Promise<never>((_resolve, reject) => { this.reject = reject; });
    this.failure.catch(() => undefined);
  }

  public get signal(): AbortSignal {
    return this.aborter.signal;
  }

  public race<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.failure]);
  }

  public holds(body: Readable): Readable {
    this.body = body;
    // Without a listener Node forgets why an answer was cut off, or ends the process over it.
    return body.on('error', () => undefined);
  }

  public fail(error: Error): void {
    this.reject(error);
    if (this.body) this.body.destroy(error);
    else this.aborter.abort();
  }
}
