const MOST = 2000;

/** The same function, which works out only once a name that it was asked for lately. Names are few, but callers can make them up. */
export function remembered<T>(of: (name: string) => T): (name: string) => T {
  const known = new Map<string, { readonly result: T }>();
  return name => {
    const before = known.get(name);
    if (before) return before.result;
    const result = of(name);
    if (known.size >= MOST) known.clear();
    known.set(name, { result });
    return result;
  };
}
