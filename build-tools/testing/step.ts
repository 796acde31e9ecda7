/** One named part of `npm test`. It fails by throwing. */
export interface Step {
  readonly name: string;
  readonly description: string;
  /** Steps that have to be over, whatever their outcome, before this one starts. */
  readonly after?: readonly string[];
  /** Runs while nothing else does: it measures time, or writes files that others read. */
  readonly alone?: boolean;
  /**
   * How much of a processor it keeps busy, as measured: its CPU time by its time. What mostly waits leaves room for others.
   * @default 1
   */
  readonly load?: number;
  run(context: StepContext): Promise<StepCounts | void>;
}

/** What single tests a step ran; a step that says nothing counts as one. */
export interface StepCounts {
  readonly passed: number;
  readonly failed: number;
}

export interface StepContext {
  /** Removed after the run. */
  readonly temporary: string;
  /** Kept until the end of the step, and shown when it fails. */
  log(text: string): void;
  /** Shown beside the step's name when it passes. */
  note(text: string): void;
  /** Runs a program in the root of the project and resolves with what it printed; rejects when it exits with anything but 0. */
  run(program: string, args: readonly string[], options?: RunOptions): Promise<string>;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What the program says is for the step alone, too long to be shown. */
  readonly quiet?: boolean;
}

export interface StepResult extends StepCounts {
  readonly step: Step;
  readonly seconds: number;
  readonly output: string;
  readonly notes: readonly string[];
  /** Why the step itself failed; undefined when it came to its end. */
  readonly error?: string;
}
