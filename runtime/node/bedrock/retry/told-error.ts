import type { FailureKind } from './failure-kind';
import { BEDROCK } from './time-limit-errors';

interface AnyError {
  readonly name?: string;
  readonly code?: unknown;
  readonly message?: string;
  readonly $fault?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** The connection failed or broke off. Named as the SDK names such failures, though it does so only for some of them. */
export class ConnectionError extends Error {
  public readonly name = 'TimeoutError';
  public readonly code: string;

  public constructor(cause: AnyError, service: string) {
    const code = typeof cause.code === 'string' ? cause.code : 'UNKNOWN';
    super(`The connection to ${service} failed (${code}).`, { cause });
    this.code = code;
  }
}

/** A 5xx from something before Bedrock, a page instead of an error: the SDK complains about its syntax. */
export class GatewayError extends Error {
  public readonly name = 'ServiceUnavailableException';
  public readonly $fault = 'server';
  public readonly $metadata: AnyError['$metadata'];

  public constructor(cause: AnyError, service: string) {
    super(`${service} was not reached: HTTP ${cause.$metadata?.httpStatusCode} came without an error of its own.`, { cause });
    this.$metadata = cause.$metadata;
  }
}

/** HTTP 429 and no word of whose: the SDK has no name for it. */
export class ThrottledError extends Error {
  public readonly name = 'ThrottlingException';
  public readonly $fault = 'client';
  public readonly $metadata: AnyError['$metadata'];

  public constructor(cause: AnyError, service: string) {
    super(`${service} or something before it throttled the call.`, { cause });
    this.$metadata = cause.$metadata;
  }
}

/** What the caller is told: an error of the service as it is, one of the network in words and by a name that can be acted upon. */
export function toldError(error: unknown, kind: FailureKind | undefined, service: string = BEDROCK): unknown {
  const failure = error as AnyError;
  if (kind === 'connection') return new ConnectionError(failure, service);
  if (kind === 'server' && (failure.$fault === undefined || isNameless(failure))) return new GatewayError(failure, service);
  if (kind === 'throttling' && isNameless(failure)) return new ThrottledError(failure, service);
  return error;
}

/** What the SDK calls an answer that names no error. */
function isNameless({ name }: AnyError): boolean {
  return name === 'Unknown' || name === 'UnknownError';
}
