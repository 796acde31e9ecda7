export interface StreamWatch {
  /** Called before the reader has the event. */
  onEvent(event: unknown): void;
  /** The reader has all of it. */
  onEnd(): void;
  /** Returns the error that the reader is told. */
  onError(error: unknown): unknown;
  /** The reader has left before the end. */
  onLeft(): void;
}

/** The same events. The SDK does not notice a reader that leaves, and would keep the connection open behind it. */
export function watchedStream<T>(stream: AsyncIterable<T>, { onEvent, onEnd, onError, onLeft }: StreamWatch): AsyncIterable<T> {
  return {
    async *[Symbol.asyncIterator]() {
      let over = false;
      try {
        for await (const event of stream) {
          onEvent(event);
          yield event;
        }
        over = true;
        onEnd();
      } catch (error) {
        over = true;
        throw onError(error);
      } finally {
        if (!over) onLeft();
      }
    },
  };
}

/** The member of an answer that holds its events, if it is a stream. */
export function eventStreamMember(output: object): [name: string, stream: AsyncIterable<unknown>] | undefined {
  for (const name of ['stream', 'body', 'Body']) {
    const value = (output as Record<string, unknown>)[name];
    if (typeof value === 'object' && value !== null && Symbol.asyncIterator in value) return [name, value as AsyncIterable<unknown>];
  }
  return undefined;
}
