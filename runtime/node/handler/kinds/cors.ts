import { hasHeader, type ProxyResult } from './proxy-result';

/** Lets a browser of an allowed origin read an answer, errors included; what the handler says itself stays. */
export function addAllowOrigin(result: ProxyResult, event: unknown, allowedOrigins: readonly string[]): void {
  if (allowedOrigins.length === 0 || hasHeader(result, 'access-control-allow-origin')) return;
  if (allowedOrigins.includes('*')) {
    result.headers['access-control-allow-origin'] = '*';
    return;
  }
  if (!hasHeader(result, 'vary')) result.headers.vary = 'Origin';
  const origin = requestOrigin(event);
  if (origin && allowedOrigins.includes(origin)) result.headers['access-control-allow-origin'] = origin;
}

function requestOrigin(event: unknown): string | undefined {
  const headers = (event as { headers?: Record<string, unknown> } | null | undefined)?.headers;
  if (typeof headers !== 'object' || headers === null) return undefined;
  const origin = headers.origin ?? headers.Origin;
  return typeof origin === 'string' ? origin : undefined;
}
