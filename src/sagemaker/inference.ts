/** Options of `Inference.realtime`. */
export interface RealtimeInferenceOptions {
  /**
   * How many instances the endpoint starts with.
   *
   * @default 1
   */
  readonly initialInstanceCount?: number;
}

/** How callers are served. */
export class Inference {
  /** Callers wait for the answer, for up to 60 seconds; instances run all the time. */
  public static realtime(options: RealtimeInferenceOptions = {}): Inference {
    return new Inference(options.initialInstanceCount ?? 1);
  }

  private constructor(
    /** How many instances the endpoint starts with. */
    public readonly initialInstanceCount: number,
  ) {}
}
