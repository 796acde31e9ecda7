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
  return Readable.from(timedParts(body, exchange), { objectMode: false, highWaterMark: 1 });
}

async function* timedParts(body: Readable, { clock, settle }: OpenExchange): AsyncGenerator<Uint8Array, void, undefined> {
  const frames = new FrameLengths();
  try {
    for await (const part of body as AsyncIterable<Uint8Array>) {
      clock.stop();
      frames.check(part);
      yield part;
      clock.waitingForMore();
    }
  } finally {
    settle();
  }
}
