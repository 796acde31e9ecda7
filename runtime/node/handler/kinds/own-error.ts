import type { Body } from './proxy-result';
import { ERROR_CODES } from '../../../../src/contract/data';
import { EnvelopeError, isErrorAsData } from '../../envelope/envelope';
import { codeOfClientError } from '../../envelope/error-mapping';
import { isObject, read } from '../../telemetry/thrown';

const { messageFields } = ERROR_CODES.ownErrors;

/**
 * The error that a handler answered with by itself, with a status of 4xx: what it would have thrown. Of a body that is JSON the text
 * of the error goes along, and leaves where any EnvelopeError's would; of an error with its stack nothing does.
 */
export function ownErrorOf(status: number, body: Body): EnvelopeError {
  const { value } = body;
  const isJson = body.json !== undefined || isObject(value);
  const message = isJson && !isErrorAsData(value) ? messageIn(value) : undefined;
  return new EnvelopeError(codeOfClientError(status), message);
}

function messageIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  for (const field of messageFields) {
    const member = read(value, field);
    const text = isObject(member) ? read(member, 'message') : member;
    if (typeof text === 'string' && text.trim() !== '') return text;
  }
  return undefined;
}
