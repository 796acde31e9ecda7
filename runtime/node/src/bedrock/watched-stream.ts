/** The same events; an error among them is also told to `onError`. */
export function watchedStream<T>(stream: AsyncIterable<T>, onError: (error: unknown) => void): AsyncIterable<T> {
  return {
    async *[Symbol.asyncIterator]() {
      try {
        yield* stream;
      } catch (error) {
        onError(error);
        throw error;
      }
    },
  };
}

/** The member of an answer that holds its events, if it is a stream. */
export function eventStreamMember(output: object): [name: string, stream: AsyncIterable<unknown>] | undefined {
  for (const name of ['stream', 'body']) {
    const value = (output as Record<string, unknown>)[name];
    if (typeof value === 'object' && value !== null && Symbol.asyncIterator in value) return [name, value as AsyncIterable<unknown>];
  }
  return undefined;
}
