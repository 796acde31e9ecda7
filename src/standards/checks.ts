/** What a finding of `PlumblineChecks` does to a synthesis. */
export enum Checks {
  /** An error stops the synthesis; a finding that the baseline knows is a warning. */
  ERROR = 'ERROR',
  /** Every finding is told, and none stops anything. */
  WARN = 'WARN',
  /** Nothing is checked. */
  OFF = 'OFF',
}
