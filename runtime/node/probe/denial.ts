import type { ProbeResponse } from './exchange';

const DENIALS = new Set(['AccessDenied', 'AccessDeniedException']);
const UNKNOWN_ROLE = 'unknown';

/** True when the service answered that the role may not. Expired or unknown credentials are another matter. */
export function deniedBy(response: ProbeResponse): boolean {
  const code = errorCodeOf(response);
  return code !== undefined && DENIALS.has(code);
}

/** The error code of an AWS answer, wherever its protocol puts it. */
export function errorCodeOf(response: ProbeResponse): string | undefined {
  if (response.status < 300) return undefined;
  const header = response.headers['x-amzn-errortype'];
  const code =
    (Array.isArray(header) ? header[0] : header) ?? codeOfJson(response.body) ?? /<Code>([^<]+)<\/Code>/.exec(response.body)?.[1];
  // "AccessDeniedException:http://internal.amazon.com/…" and "com.amazon.coral.service#AccessDeniedException"
  return code?.split(':')[0].split('#').pop();
}

/** The role behind a session's ARN, from whichever answer names it. */
export function roleArn(bodies: readonly string[]): string {
  for (const body of bodies) {
    const match = /arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([\w+=,.@-]+)\//.exec(body) ?? undefined;
    if (match) return `arn:${match[1]}:iam::${match[2]}:role/${match[3]}`;
    const plain = /arn:aws[a-z-]*:iam::\d{12}:(?:role|user)\/[\w+=,.@/-]+/.exec(body);
    if (plain) return plain[0];
  }
  return UNKNOWN_ROLE;
}

function codeOfJson(body: string): string | undefined {
  try {
    const parsed = JSON.parse(body) as { __type?: unknown; code?: unknown } | null;
    const code = parsed?.__type ?? parsed?.code;
    return typeof code === 'string' ? code : undefined;
  } catch {
    return undefined;
  }
}
