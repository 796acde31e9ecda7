/** Where a command writes, and where it stands. */
export interface Console {
  readonly cwd: string;
  /** What was asked for. */
  readonly print: (text: string) => void;
  /** What was asked for, to the byte: no line end is added. */
  readonly write: (text: string) => void;
  /** Progress and faults. */
  readonly tell: (text: string) => void;
  /** What comes in, to its end; without it, that of the process. */
  readonly input?: () => string;
}
