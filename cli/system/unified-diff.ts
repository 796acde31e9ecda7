import { createTwoFilesPatch } from 'diff';

/** A file as a diff names it, and its text; undefined where there is none on this side. */
export interface DiffSide {
  readonly name: string;
  readonly text: string | undefined;
}

const NO_FILE = '/dev/null';

/** A change as `diff -u` shows it. A file that is not there on one side is /dev/null. */
export function unifiedDiff(before: DiffSide, after: DiffSide): string {
  const [from, to] = [before, after].map(({ name, text }) => (text === undefined ? NO_FILE : name));
  // The library's first line is one of signs alone, which no tool reads.
  return createTwoFilesPatch(from, to, before.text ?? '', after.text ?? '').replace(/^=+\n/, '');
}
