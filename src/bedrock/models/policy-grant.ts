/** Condition operators, and what each wants of the request's context. */
export type GrantConditions = Record<string, Record<string, string | string[]>>;

/** One statement, its lists in the order in which they shall be read. */
export interface PolicyGrant {
  readonly sid: string;
  /** `Allow` unless it says `Deny`. */
  readonly effect?: 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: GrantConditions;
}

/** As policies are written by hand: a single value stands without a list. */
export const oneOrMany = (values: string[]): string | string[] => (values.length === 1 ? values[0] : values);
