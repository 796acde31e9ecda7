/** What an expression of a program is, as far as it can be told without running it. `at` is where it stands in the text. */
export type Value = TextValue | RecordValue | ListValue | CallValue | UnknownValue;

export interface TextValue {
  readonly kind: 'text';
  readonly value: string;
  readonly at: number;
}

export interface RecordValue {
  readonly kind: 'record';
  readonly entries: readonly (readonly [string, Value])[];
  readonly at: number;
}

export interface ListValue {
  readonly kind: 'list';
  readonly items: readonly Value[];
  readonly at: number;
}

/** A call, or `new`. */
export interface CallValue {
  readonly kind: 'call';
  /** What is called: `addMetric` of `this.metrics.addMetric(…)`. */
  readonly name: string;
  /** Whose it is: `metrics`, or the name of the call that answers it. */
  readonly owner: string;
  /** The variable or the member that takes the result. */
  readonly assignedTo?: string;
  readonly args: readonly Value[];
  /** Python's arguments by name. */
  readonly named: RecordValue;
  readonly at: number;
}

export interface UnknownValue {
  readonly kind: 'unknown';
  readonly at: number;
}

/** What a file of code holds that can be about metrics. */
export interface Code {
  readonly calls: readonly CallValue[];
  /** Records with the `_aws` of CloudWatch's embedded metric format. */
  readonly blobs: readonly RecordValue[];
}

export function entryOf(value: Value | undefined, name: string): Value | undefined {
  return value?.kind === 'record' ? value.entries.filter(([key]) => key === name).at(-1)?.[1] : undefined;
}
