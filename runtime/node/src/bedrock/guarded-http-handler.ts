import { Readable } from 'node:stream';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { HttpHandlerOptions, HttpRequest, HttpResponse, RequestHandler } from '@smithy/types';
import { currentAttempt } from './attempt';
import { AttemptClock } from './attempt-clock';
import { onCallerAbort } from './caller-abort';
import { connectTimedAgents } from './connect-timed-agents';
import { limitSilence, stopClockAtEnd } from './guarded-body';
import { TimeLimitError } from './time-limit-errors';

export type BedrockRequestHandler = RequestHandler<HttpRequest, HttpResponse, HttpHandlerOptions>;

/**
 * HTTP/1.1 with limits that hold. The SDK's own handler does the work, with its timers off: they begin late, end with the headers,
 * and stay silent while TLS hangs. What a call site passes as `requestTimeout` is not the policy, and is dropped.
 */
export class GuardedHttpHandler implements BedrockRequestHandler {
  public readonly metadata = { handlerProtocol: 'http/1.1' };
  private readonly inner: NodeHttpHandler;

  public constructor(maxSockets: number) {
    this.inner = new NodeHttpHandler(connectTimedAgents(maxSockets));
  }

  public async handle(request: HttpRequest, options: HttpHandlerOptions & { isEventStream?: boolean } = {}): Promise<{ response: HttpResponse }> {
    const { abortSignal, isEventStream } = options;
    const attempt = currentAttempt();
    if (!attempt) return this.inner.handle(request as Parameters<NodeHttpHandler['handle']>[0], { abortSignal });

    if (attempt.abandoned) throw new TimeLimitError('read', attempt.limits.readMs);
    const guard = new AttemptGuard();
    const clock = attempt.clock = new AttemptClock(attempt.limits, error => guard.fail(error));
    const stopListening = onCallerAbort(abortSignal, error => guard.fail(error));
    const settle = () => {
      clock.stop();
      stopListening();
    };
    clock.reading();
    try {
      const { response } = await guard.race(this.inner.handle(request as Parameters<NodeHttpHandler['handle']>[0], { abortSignal: guard.signal }));
      if (response.body instanceof Readable) {
        guard.holds(response.body);
        if (isEventStream && response.statusCode < 300) {
          clock.stop();
          response.body = limitSilence(response.body, clock, settle);
        } else {
          stopClockAtEnd(response.body, clock, settle);
        }
      } else {
        settle();
      }
      return { response };
    } catch (error) {
      settle();
      throw error;
    }
  }

  public destroy(): void {
    this.inner.destroy();
  }
}

/** Ends the request, or the body of its answer, when a limit is reached or the caller aborts. */
class AttemptGuard {
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

  public holds(body: Readable): void {
    this.body = body;
    // Without a listener Node forgets why an answer was cut off, or ends the process over it.
    body.on('error', () => undefined);
  }

  public fail(error: Error): void {
    this.reject(error);
    if (this.body) this.body.destroy(error);
    else this.aborter.abort();
  }
}
