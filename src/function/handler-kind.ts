/** How the results and errors of a handler leave the function. */
export enum HandlerKind {
  /** Answers HTTP: every result and every error becomes an envelope. */
  API = 'API',
  /** Works on events: no envelope; errors are logged and thrown again, so that retries and dead-letter queues work. */
  EVENT = 'EVENT',
  /** Streams tokens untouched; the envelope is the last frame. */
  STREAM = 'STREAM',
}
