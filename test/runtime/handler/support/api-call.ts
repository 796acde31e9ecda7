import { brotliCompressSync, deflateSync, gzipSync } from 'zlib';
import type { Context } from 'aws-lambda';
import type { Envelope } from '../../../../runtime/node/envelope/envelope';
import type { UserHandler } from '../../../../runtime/node/handler/call/user-handler';
import { apiHandler } from '../../../../runtime/node/handler/kinds/api';
import { tryDecompress } from '../../../../runtime/node/handler/kinds/content-encoding';
import { lambdaContext } from '../../../support/runtime-context';
import { httpEvent } from '../../../support/runtime-events';

/** What API Gateway gets. */
export interface Proxy {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly multiValueHeaders?: Record<string, unknown[]>;
  readonly cookies?: string[];
  readonly body: string;
  readonly isBase64Encoded?: boolean;
}

export const EVENT = { requestContext: { requestId: 'req-1' } };

export async function answer(handler: unknown, event: unknown = EVENT, context: Context = lambdaContext()): Promise<Proxy> {
  return await apiHandler(handler as UserHandler)(httpEvent(event as object), context) as Proxy;
}

export const answerTo = (returned: unknown, event?: unknown): Promise<Proxy> => answer(() => returned, event);

export const envelopeOf = (result: Proxy): Envelope => JSON.parse(textOf(result)) as Envelope;

export const CODINGS: Readonly<Record<string, (text: string) => Buffer>> = { gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync };

/** The body, decompressed where it is compressed. */
export function textOf({ body, headers, isBase64Encoded }: Proxy): string {
  if (!isBase64Encoded) return body;
  return tryDecompress(Buffer.from(body, 'base64'), headers['content-encoding'])!.toString();
}
