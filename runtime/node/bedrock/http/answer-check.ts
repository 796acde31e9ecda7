import type { HttpResponse } from '@smithy/types';
import { EmptyAnswerError } from './empty-answer-error';

/** An error that came with HTTP 200, as some gateways and the wrong endpoint of AWS send it. Named as it names itself. */
export class ErrorInAnswer extends Error {
  public readonly name: string;
  public readonly $fault = 'server';
  public readonly $metadata: { readonly httpStatusCode: number };

  public constructor(type: string, httpStatusCode: number) {
    super(`The answer with HTTP ${httpStatusCode} is an error: ${type}.`);
    this.name = type;
    this.$metadata = { httpStatusCode };
  }
}

/** An answer of a model is longer, or tells no type of an error and nothing else. */
const LONGEST_ERROR = 2048;
const OF_ERROR = ['__type', 'message', 'Message', 'Output', 'Version'];
const NOTHING = ['', 'null'];

/** Throws unless a good HTTP status came with an answer. */
export function requireAnswer(statusCode: number, headers: HttpResponse['headers'], body: Uint8Array): void {
  const text = body.length > LONGEST_ERROR ? undefined : Buffer.from(body).toString('utf8').trim();
  if (text !== undefined && NOTHING.includes(text)) throw new EmptyAnswerError(statusCode);
  const type = headers['x-amzn-errortype'] ?? (text?.includes('"__type"') ? typeIn(text) : undefined);
  if (type) throw new ErrorInAnswer(nameOf(type), statusCode);
}

function typeIn(text: string): string | undefined {
  try {
    const answer = JSON.parse(text) as Record<string, unknown> & { Output?: { __type?: unknown } };
    const type = answer.__type ?? answer.Output?.__type;
    return typeof type === 'string' && Object.keys(answer).every(key => OF_ERROR.includes(key)) ? type : undefined;
  } catch {
    return undefined;
  }
}

/** `com.amazon.coral.service#UnknownOperationException`, `ThrottlingException:http://…`. */
function nameOf(type: string): string {
  return type.split(':', 1)[0].split('#').pop()!.trim();
}
