import { Console } from './console';

const EVERY_MS = 2000;

/** Tells from time to time how far a long work has come; a short one says nothing. */
export function progress({ tell }: Console, what: string): (done: number, of?: number) => void {
  let last = Date.now();
  return (done, of) => {
    if (Date.now() - last < EVERY_MS) return;
    last = Date.now();
    tell(`${of === undefined ? done : `${done} of ${of}`} ${what}`);
  };
}
