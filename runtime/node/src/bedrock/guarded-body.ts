import { Readable } from 'node:stream';
import type { AttemptClock } from './attempt-clock';

/** A whole answer has to be there before the clock of the attempt runs out. */
export function stopClockAtEnd(body: Readable, clock: AttemptClock, settle: () => void): void {
  body.once('close', () => {
    clock.stop();
    settle();
  });
}

/**
 * Hands on a stream whose silences are limited. Only the time spent waiting for the server counts: a reader that takes its time
 * between two parts is not the server's fault.
 */
export function limitSilence(body: Readable, clock: AttemptClock, settle: () => void): Readable {
  return Readable.from(timedParts(body, clock, settle), { objectMode: false, highWaterMark: 1 });
}

async function* timedParts(body: Readable, clock: AttemptClock, settle: () => void): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    clock.waitingForMore();
    for await (const part of body) {
      clock.stop();
      yield part as Uint8Array;
      clock.waitingForMore();
    }
  } finally {
    clock.stop();
    settle();
  }
}
