import { readFileSync } from 'fs';
import { join } from 'path';

/** The library's version, as package.json has it. */
export function libraryVersion(): string {
  const { version } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as { version: string };
  return version;
}
