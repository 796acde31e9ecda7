import { readFileSync } from 'fs';
import { CouldNotRun } from './could-not-run';

/** A file that will be written again: every byte of it has to survive. Errors: it cannot be read, or is no UTF-8. */
export function readExactly(file: string, shown: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CouldNotRun(code === 'ENOENT' ? `${shown} does not exist` : `${shown} cannot be read: ${message}`);
  }
  const text = bytes.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(bytes)) throw new CouldNotRun(`${shown} is not in UTF-8: save it in that encoding first`);
  return text;
}
