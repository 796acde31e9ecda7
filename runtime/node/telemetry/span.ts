/** Where a secret stands in a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export function span(start: number, end: number): Span | undefined {
  return end > start ? { start, end } : undefined;
}
