/** What took too long: to connect, to answer, the next part of a stream, or the whole for the time Lambda has left. */
export type TimeLimitPhase = 'connect' | 'read' | 'stream' | 'deadline';

/** What errors call the service, where nobody says otherwise. */
export const BEDROCK = 'Amazon Bedrock';

const WHAT: Readonly<Record<TimeLimitPhase, string>> = {
  connect: 'No connection to',
  read: 'No complete answer from',
  stream: 'Nothing more from the stream of',
  deadline: 'The function has no time left for an answer from',
};

/** One of the policy's own time-outs. Its name is the one the SDK gives to time-outs, so that code for those keeps working. */
export class TimeLimitError extends Error {
  public readonly name = 'TimeoutError';

  public constructor(public readonly phase: TimeLimitPhase, public readonly limitMs: number, service: string = BEDROCK) {
    super(`${WHAT[phase]} ${service} within ${Math.round(limitMs)} ms.`);
  }
}

/** As the SDK builds it: the caller's own reason is the cause. */
export function abortError(signal: { readonly reason?: unknown }): Error {
  const { reason } = signal;
  const error = new Error(typeof reason === 'string' ? reason : 'Request aborted', reason instanceof Error ? { cause: reason } : undefined);
  error.name = 'AbortError';
  return error;
}
