import { brotliCompressSync, brotliDecompressSync, deflateSync, gunzipSync, gzipSync, inflateSync } from 'zlib';
import type { Context } from 'aws-lambda';
import type { Envelope } from '../../../../runtime/node/envelope/envelope';
import { apiHandler } from '../../../../runtime/node/handler/kinds/api';
import type { UserHandler } from '../../../../runtime/node/handler/call/user-handler';
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

type Coding = readonly [compress: (text: string) => Buffer, decompress: (bytes: Buffer) => Buffer];

export const CODINGS: Readonly<Record<string, Coding>> = {
  gzip: [gzipSync, gunzipSync], br: [brotliCompressSync, brotliDecompressSync], deflate: [deflateSync, inflateSync],
};

/** The body, decompressed where it is compressed. */
export function textOf({ body, headers, isBase64Encoded }: Proxy): string {
  if (!isBase64Encoded) return body;
  return CODINGS[headers['content-encoding']][1](Buffer.from(body, 'base64')).toString();
}
