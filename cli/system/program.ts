import { Console } from './console';

/** What the commands of a group need of the program they belong to. */
export interface Program {
  readonly console: Console;
  readonly version: string;
  readonly end: (code: number) => void;
}
