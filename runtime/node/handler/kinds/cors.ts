import { hasHeader, type ProxyResult } from './proxy-result';

/** Lets a browser of an allowed origin read an answer, errors included; what the handler says itself stays. */
export function addAllowOrigin(result: ProxyResult, event: unknown, allowedOrigins: readonly string[]): void {
  if (allowedOrigins.length === 0 || hasHeader(result, 'access-control-allow-origin')) return;
  if (allowedOrigins.includes('*')) {
    result.headers['access-control-allow-origin'] = '*';
    return;
  }
  addVaryOrigin(result);
  const origin = requestOrigin(event);
  if (origin && allowedOrigins.includes(origin)) result.headers['access-control-allow-origin'] = origin;
}

/** A cache must keep the answers to different origins apart, beside whatever else the handler says they depend on. */
function addVaryOrigin({ headers, multiValueHeaders }: ProxyResult): void {
  const name = headerName(headers, 'vary') ?? 'vary';
  const listed = headerName(multiValueHeaders, 'vary');
  const given = [headers[name], ...(listed ? multiValueHeaders![listed] : [])].filter(value => value !== undefined).join(', ');
  const fields = given.split(',').map(field => field.trim().toLowerCase());
  if (fields.includes('origin') || fields.includes('*')) return;
  if (listed && !headers[name]) multiValueHeaders![listed] = [...multiValueHeaders![listed], 'Origin'];
  else headers[name] = headers[name] ? `${headers[name]}, Origin` : 'Origin';
}

/** The headers of a request are in any case, and those of a load balancer may be lists. */
function requestOrigin(event: unknown): string | undefined {
  const { headers, multiValueHeaders } = (event ?? {}) as { headers?: unknown; multiValueHeaders?: unknown };
  const value = [headers, multiValueHeaders].map(valueOfOrigin).find(found => found !== undefined);
  return typeof value === 'string' ? value : undefined;
}

function valueOfOrigin(headers: unknown): unknown {
  const name = headerName(headers, 'origin');
  const value = name && (headers as Record<string, unknown>)[name];
  return Array.isArray(value) ? value[0] as unknown : value;
}

function headerName(headers: unknown, lowerCaseName: string): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  return Object.keys(headers).find(name => name.toLowerCase() === lowerCaseName);
}
