import type { APIGatewayProxyEvent } from 'aws-lambda';
import { EnvelopeError } from 'cdk-plumbline/runtime';

/** The request's body as an object; anything else is the caller's mistake. */
export function jsonBody(event: APIGatewayProxyEvent): Record<string, unknown> {
  const text = event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString('utf8') : event.body ?? '';
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  } catch {
    // Said below, together with every other body that is not an object.
  }
  throw new EnvelopeError('INVALID_REQUEST', 'The body must be a JSON object.');
}
