/** Makes one request, and turns its error into one that teaches: what asks is bundled apart, with no class of the command in it. */
export type Asker = <T>(operation: string, ask: () => Promise<T>) => Promise<T>;

/** Every page of a list; a page that is answered twice would never end. */
export async function* pagesOf<P>(
  operation: string, asker: Asker, ask: (token?: string) => Promise<P>, tokenOf: (page: P) => string | undefined,
): AsyncGenerator<P> {
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const page = await asker(operation, () => ask(token));
    yield page;
    token = tokenOf(page);
    if (token !== undefined && seen.has(token)) {
      await asker(operation, () => Promise.reject(new Error('AWS answers one page again and again')));
    }
    seen.add(token ?? '');
  } while (token !== undefined);
}
