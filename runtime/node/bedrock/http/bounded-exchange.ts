import { Readable } from 'node:stream';
import type { HttpResponse } from '@smithy/types';
import type { Attempt } from '../retry/attempt';
import { AttemptClock } from '../retry/attempt-clock';
import { CallerSignal, onCallerAbort } from '../retry/caller-abort';
import { TimeLimitError } from '../retry/time-limit-errors';

/** What goes on until the last byte of an answer, or until it is given up. */
export interface OpenExchange {
  readonly clock: AttemptClock;
  /** Whether the other side has said that its answer ends here; where HTTP itself tells, there is no need to ask. */
  isWhole?(): boolean;
  /** To be called once, when nothing more is to be watched. */
  settle(): void;
}

export interface BoundedExchangeOptions {
  readonly attempt: Attempt;
  readonly callerSignal: CallerSignal | undefined;
  /** Sends the request; ends when the signal says so. `fail` ends the exchange for a reason that only the sender knows. */
  send(signal: EndSignal, fail: (error: Error) => void): Promise<{ response: HttpResponse }>;
  /** The body as the SDK is given it. Settles the exchange at its end. */
  takeBody(response: HttpResponse, body: Readable, exchange: OpenExchange): Promise<Uint8Array> | Readable;
}

/** A request that ends when a limit is reached or the caller aborts, and whose answer does so too, to its last byte. */
export async function boundedExchange(options: BoundedExchangeOptions): Promise<{ response: HttpResponse }> {
  const { attempt, callerSignal, send, takeBody } = options;
  if (attempt.abandoned) throw new TimeLimitError('read', attempt.limits.readMs, attempt.limits.service);
  const bounds = new ExchangeBounds();
  const clock = attempt.clock = new AttemptClock(attempt.limits, error => bounds.fail(error));
  const stopListening = onCallerAbort(callerSignal, error => bounds.fail(error));
  const settle = () => {
    clock.end();
    stopListening();
  };
  clock.reading();
  try {
    const { response } = await bounds.race(send(bounds.signal, error => bounds.fail(error)));
    if (response.body instanceof Readable) response.body = await takeBody(response, bounds.hold(response.body), { clock, settle });
    else settle();
    return { response };
  } catch (error) {
    settle();
    throw error;
  }
}

/** As the SDK's handlers accept it. A whole AbortController for each request costs as much as all the rest here. */
export interface EndSignal {
  aborted: boolean;
  onabort: (() => void) | null;
}

class ExchangeBounds {
  public readonly signal: EndSignal = { aborted: false, onabort: null };
  private reject: ((error: Error) => void) | undefined;
  private failure: Error | undefined;
  private body: Readable | undefined;

  /** What the work comes to, or the failure that ends it. */
  public async race<T>(work: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.reject = reject;
      work.then(resolve, reject);
      if (this.failure) reject(this.failure);
    });
  }

  public hold(body: Readable): Readable {
    this.body = body;
    // Without a listener Node forgets why an answer was cut off, or ends the process over it.
    return body.on('error', () => undefined);
  }

  public fail(error: Error): void {
    this.failure ??= error;
    this.reject?.(error);
    if (this.body) return void this.body.destroy(error);
    this.signal.aborted = true;
    this.signal.onabort?.();
  }
}
