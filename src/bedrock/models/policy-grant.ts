/** Condition operators, and what each wants of the request's context. */
export type GrantConditions = Record<string, Record<string, string | string[]>>;

/** One Allow statement, its lists in the order in which they shall be read. */
export interface PolicyGrant {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: GrantConditions;
}
