/** The event of a function that a rule calls each day, when it has all that its rule gives. By hand it can be called with the same. */
export function requireRuleInput<T extends object>(event: unknown, needed: readonly (keyof T & string)[], names: string): T {
  const given = (event ?? {}) as Partial<T>;
  const missing = needed.filter(name => given[name] === undefined);
  if (missing.length === 0) return event as T;
  throw new Error(`The event has no ${missing.join(', ')}. Call the function with the input of its EventBridge rule: it names ${names}.`);
}
