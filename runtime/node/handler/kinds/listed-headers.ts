import type { ProxyResult } from './proxy-result';

/** A proxy result as a load balancer reads it that takes a list of values for each header. */
export type ListedProxyResult = Omit<ProxyResult, 'headers' | 'cookies'>;

export function withListedHeaders({ headers, multiValueHeaders, cookies, ...rest }: ProxyResult): ListedProxyResult {
  const lists = new Map<string, { readonly name: string; readonly values: unknown[] }>();
  const add = (name: string, values: readonly unknown[]): void => {
    const list = lists.get(name.toLowerCase()) ?? { name, values: [] };
    list.values.push(...values.filter(value => !list.values.includes(value)));
    lists.set(name.toLowerCase(), list);
  };
  for (const [name, value] of Object.entries(headers)) add(name, [value]);
  for (const [name, values] of Object.entries(multiValueHeaders ?? {})) add(name, values);
  if (cookies) add('set-cookie', cookies);
  return { ...rest, multiValueHeaders: Object.fromEntries([...lists.values()].map(({ name, values }) => [name, values])) };
}
