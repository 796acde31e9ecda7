import { EnvelopeError } from '../../node';

/** What the functions of the platforms read of a request. */
export interface ApiRequest {
  readonly httpMethod?: string;
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  readonly pathParameters?: Readonly<Record<string, string | undefined>> | null;
  readonly requestContext?: {
    readonly http?: { readonly method?: string };
    readonly identity?: { readonly apiKeyId?: string | null };
    readonly authorizer?: { readonly claims?: { readonly sub?: string }; readonly principalId?: string } | null;
  };
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
}

/** The body of a request, which has to be one JSON object. */
export function requireObject({ body, isBase64Encoded }: ApiRequest): Record<string, unknown> {
  const text = isBase64Encoded && body ? Buffer.from(body, 'base64').toString() : body;
  const value = text ? tryJson(text) : undefined;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new EnvelopeError('INVALID_REQUEST', 'The body has to be one JSON object.');
}

/** Refuses fields that nobody reads: a misspelt one would silently count for nothing. */
export function unknownFields(given: object, known: readonly string[]): string[] {
  const unknown = Object.keys(given).filter(name => !known.includes(name));
  return unknown.length === 0 ? [] : [`${unknown.length} unknown field(s); known are ${known.join(', ')}`];
}

export function requireNoProblems(problems: readonly string[]): void {
  if (problems.length > 0) throw new EnvelopeError('INVALID_REQUEST', `The request is not valid: ${problems.join('; ')}.`);
}

/** How many characters a reader sees as one each, near enough: code points, not halves of them. */
export function lengthOf(text: string): number {
  return [...text].length;
}

/** The variable that the construct sets. */
export function requireVariable(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`Environment variable ${name} is missing. Let the platform's construct set it.`);
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
