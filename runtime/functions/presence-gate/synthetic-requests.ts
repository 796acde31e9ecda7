import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { GateSettings, HttpRequests, InvokeRequests } from './gate-settings';
import { OPERATIONS } from '../../../src/contract/data';
import { CALL_OPTIONS } from '../sdk/call-options';

const { header: HEADER, contextField: CONTEXT_FIELD } = OPERATIONS.presenceGate;

/** Sends one of the gate's requests. Undefined: it was answered; a text says in a word why not. */
export type SendRequest = (ordinal: number, timeLeftMs: number) => Promise<string | undefined>;

/** The requests of a gate, each marked with `mark` so that the service can tell them from those of its users. */
export function syntheticRequests({ requests }: GateSettings, mark: string): SendRequest {
  return 'functionArn' in requests ? invocations(requests, mark) : httpRequests(requests, mark);
}

/** One attempt each: a request that is sent again would be counted once by us, and twice by the service. */
function invocations({ functionArn, qualifier, payloads }: InvokeRequests, mark: string): SendRequest {
  const { requestHandler } = CALL_OPTIONS;
  const lambda = new LambdaClient({ ...CALL_OPTIONS, maxAttempts: 1, requestHandler: { ...requestHandler, requestTimeout: 0 } });
  const context = Buffer.from(JSON.stringify({ custom: { [CONTEXT_FIELD]: mark } })).toString('base64');
  return async (ordinal, timeLeftMs) => {
    try {
      const { FunctionError: functionError, Payload: answer } = await lambda.send(new InvokeCommand({
        FunctionName: functionArn,
        Qualifier: qualifier,
        Payload: JSON.stringify(withHeader(payloads[ordinal % payloads.length], mark)),
        ClientContext: context,
      }), { abortSignal: AbortSignal.timeout(timeLeftMs) });
      return functionError ?? problemOfStatus(statusOf(answer));
    } catch (error) {
      return nameOf(error);
    }
  };
}

function httpRequests({ url, method, headers, bodies }: HttpRequests, mark: string): SendRequest {
  return async (ordinal, timeLeftMs) => {
    try {
      const response = await fetch(url, {
        method,
        headers: { ...headers, [HEADER]: mark },
        body: bodies.length > 0 ? bodies[ordinal % bodies.length] : undefined,
        signal: AbortSignal.timeout(timeLeftMs),
      });
      await response.arrayBuffer();
      return problemOfStatus(response.status);
    } catch (error) {
      return (error as { cause?: { code?: string } }).cause?.code ?? nameOf(error);
    }
  };
}

/** An event of API Gateway has headers, which reach the handler as those of a request over HTTP do. */
function withHeader(payload: unknown, mark: string): unknown {
  const headers = (payload as { headers?: unknown } | null)?.headers;
  return typeof headers === 'object' && headers !== null ? { ...payload as object, headers: { ...headers, [HEADER]: mark } } : payload;
}

function problemOfStatus(status: number | undefined): string | undefined {
  return status !== undefined && status >= 500 ? `HTTP ${status}` : undefined;
}

/** Of an answer for API Gateway. */
function statusOf(answer: Uint8Array | undefined): number | undefined {
  if (!answer?.length) return undefined;
  try {
    const { statusCode } = JSON.parse(Buffer.from(answer).toString()) as { statusCode?: unknown };
    return typeof statusCode === 'number' ? statusCode : undefined;
  } catch {
    return undefined;
  }
}

/** Never the message: it may hold the address or the payload. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}
