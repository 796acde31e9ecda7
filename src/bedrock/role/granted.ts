/** What a statement says besides its resources, resolved. */
export interface GrantedStatement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string[];
  readonly Condition?: Record<string, Record<string, unknown>>;
}

/** The resources that were granted or denied, as JSON, by the rest of their statements as JSON. */
export type Granted = Map<string, Set<string>>;
