/** The lines that bring the standard to an app. */
export interface StandardLines {
  readonly product: string;
  readonly environment: string;
}

/** The text of a file with the lines in it, or why they cannot be put there by a program. */
export type Edited = { readonly text: string } | { readonly refused: string };

/** A line to be added below the one in which `after` stands. */
export interface AddedLine {
  readonly after: number;
  readonly line: string;
}

/** Adds lines, each with the line end of the one above it. */
export function withLines(text: string, lines: readonly AddedLine[]): string {
  return [...lines].sort((one, other) => other.after - one.after).reduce((current, { after, line }) => {
    const end = current.indexOf('\n', after);
    if (end < 0) return `${current}${current.includes('\r\n') ? '\r\n' : '\n'}${line}`;
    const lineEnd = current[end - 1] === '\r' ? '\r\n' : '\n';
    return `${current.slice(0, end + 1)}${line}${lineEnd}${current.slice(end + 1)}`;
  }, text);
}

/** What of the line is left behind a place. */
export function restOfLine(code: string, from: number): string {
  return /^[^\r\n]*/.exec(code.slice(from))![0];
}

/** The quotes that most texts of the source stand in; double ones where none are in the majority. */
export function quoteOf(code: string): string {
  const count = (quote: string): number => code.split(quote).length;
  return count("'") > count('"') ? "'" : '"';
}
