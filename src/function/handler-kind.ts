/** How the results and errors of a handler leave the function. */
export enum HandlerKind {
  /**
   * Decides for each event: HTTP requests of API Gateway (REST, HTTP and WebSocket APIs), a function URL or a load balancer are answered
   * as `API`, everything else as `EVENT`, so that no queue, rule or state machine takes an error for a success.
   */
  AUTO = 'AUTO',
  /** Answers HTTP: every result and every error becomes an envelope. An event that is not HTTP fails. */
  API = 'API',
  /** Works on events: no envelope; errors are logged and thrown again, so that retries and dead-letter queues work. */
  EVENT = 'EVENT',
  /** Streams tokens untouched; the envelope is the last frame. Node.js only: Lambda's Python runtimes do not stream. */
  STREAM = 'STREAM',
}
