/** Colours for a terminal. */
export interface Palette {
  good(text: string): string;
  bad(text: string): string;
  strong(text: string): string;
  dim(text: string): string;
}

const CODES = { good: 32, bad: 31, strong: 1, dim: 2 } as const;

/** Colours when `stream` is a terminal that takes them; https://no-color.org turns them off. */
export function paletteFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): Palette {
  const coloured = Boolean(stream.isTTY) && !env.NO_COLOR && env.TERM !== 'dumb';
  const paint = (code: number) => (text: string): string => (coloured ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { good: paint(CODES.good), bad: paint(CODES.bad), strong: paint(CODES.strong), dim: paint(CODES.dim) };
}
