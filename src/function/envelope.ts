/** Whether the answers of a function leave in the envelope: for a function whose callers know its answers as they are. */
export enum Envelope {
  /** Every answer leaves in the envelope, as the kind of the function says. */
  ON = 'ON',
  /**
   * Answers and errors leave as Lambda alone would let them leave. A log line `envelope_would_change` for each says what the envelope would
   * change, never the body, and the metric `ENVELOPE_CHANGE_COUNT` counts: while its sum stays 0 it is safe to switch to `ON`.
   */
  LOG_ONLY = 'LOG_ONLY',
  /** Answers and errors leave as Lambda alone would let them leave. Errors are logged and counted all the same. */
  OFF = 'OFF',
}
