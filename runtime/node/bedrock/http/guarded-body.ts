import { Readable } from 'node:stream';
import type { HttpResponse } from '@smithy/types';
import { checkStreamType, FrameLengths } from './event-stream-check';
import type { OpenExchange } from './guarded-exchange';

/** A whole answer has to be there before the clock of the attempt runs out. */
export function wholeBody(body: Readable, { settle }: OpenExchange): Readable {
  return body.once('close', settle);
}

/**
 * Hands on a stream whose silences are limited. Up to its first part the clock of the attempt goes on; after that only the time spent
 * waiting for the server counts: a reader that takes its time between two parts is not the server's fault.
 */
export function streamBody({ headers }: HttpResponse, body: Readable, exchange: OpenExchange): Readable {
  try {
    checkStreamType(headers['content-type']);
  } catch (error) {
    body.destroy();
    throw error;
  }
  return Readable.from({ [Symbol.asyncIterator]: () => new TimedParts(body, exchange) }, { objectMode: false, highWaterMark: 1 });
}

/** No generator: leaving one waits for the part it waits for, which may never come. */
class TimedParts implements AsyncIterator<Uint8Array, undefined> {
  private readonly parts: AsyncIterator<Uint8Array>;
  private readonly frames = new FrameLengths();
  private begun = false;

  public constructor(private readonly body: Readable, private readonly exchange: OpenExchange) {
    this.parts = (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  }

  public async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const { clock } = this.exchange;
    if (this.begun) clock.waitingForMore();
    this.begun = true;
    try {
      const part = await this.parts.next();
      clock.stop();
      if (part.done && this.exchange.isWhole?.() === false) throw cutOff();
      if (part.done) return this.end();
      this.frames.check(part.value);
      return part;
    } catch (error) {
      this.end();
      throw error;
    }
  }

  public async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    return this.end();
  }

  private end(): { done: true; value: undefined } {
    this.exchange.settle();
    this.body.destroy();
    return { done: true, value: undefined };
  }
}

function cutOff(): Error {
  return Object.assign(new Error('The stream was cut off'), { code: 'ECONNRESET' });
}
