import { Readable } from 'node:stream';
import type { HttpResponse } from '@smithy/types';
import { requireAnswer } from './answer-check';
import type { OpenExchange } from './bounded-exchange';
import { EmptyAnswerError } from './empty-answer-error';
import { checkStreamType, FrameLengths } from './event-stream-check';

/** A whole answer, all of which has to be there before the clock of the attempt runs out. */
export async function wholeBody({ statusCode, headers }: HttpResponse, body: Readable, { settle }: OpenExchange): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  await new Promise<void>((resolve, reject) => {
    body.on('data', (part: Uint8Array) => parts.push(part));
    // Every body closes in the end, and an error takes time to make.
    body.once('end', resolve).once('error', reject).once('close', () => { if (!body.readableEnded) reject(cutOff()); });
  });
  settle();
  const whole = joined(parts);
  if (statusCode < 300) requireAnswer(statusCode, headers, whole);
  return whole;
}

/** Bytes of their own: a Buffer may share its memory with others, and the SDK hands the bytes on to the user. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * Hands on a stream whose silences are limited. Up to its first part the clock of the attempt goes on; after that only the time spent
 * waiting for the server counts: a reader that takes its time between two parts is not the server's fault.
 */
export function streamBody({ headers, statusCode }: HttpResponse, body: Readable, exchange: OpenExchange): Readable {
  try {
    checkStreamType(headers['content-type']);
  } catch (error) {
    body.destroy();
    throw error;
  }
  const parts = new TimedParts(statusCode, body, exchange);
  return Readable.from({ [Symbol.asyncIterator]: () => parts }, { objectMode: false, highWaterMark: 1 });
}

/** No generator: leaving one waits for the part it waits for, which may never come. */
class TimedParts implements AsyncIterator<Uint8Array, undefined> {
  private readonly parts: AsyncIterator<Uint8Array>;
  private readonly frames = new FrameLengths();
  private begun = false;
  private empty = true;

  public constructor(private readonly statusCode: number, private readonly body: Readable, private readonly exchange: OpenExchange) {
    this.parts = (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  }

  public async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const { clock } = this.exchange;
    if (this.begun) clock.waitingForMore();
    this.begun = true;
    try {
      const part = await this.parts.next();
      clock.stop();
      if (part.done) {
        this.requireWhole();
        return this.end();
      }
      this.empty = false;
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

  private requireWhole(): void {
    const { isWhole } = this.exchange;
    if (isWhole?.() === false) throw cutOff();
    // Of a two-way stream nothing may have been asked.
    if (!isWhole && this.empty) throw new EmptyAnswerError(this.statusCode);
  }

  private end(): { done: true; value: undefined } {
    this.exchange.settle();
    this.body.destroy();
    return { done: true, value: undefined };
  }
}

function cutOff(): Error {
  return Object.assign(new Error('The answer was cut off'), { code: 'ECONNRESET' });
}
