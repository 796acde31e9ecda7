const REDACTED = '[redacted]';

const SECRET_KEY = new RegExp(
  '^(x-)?(amz-)?(authorization|proxy-authorization|cookie|set-cookie|pass(word|wd|phrase)?|pwd|secrets?|credentials?|private[-_]?key|(x-)?api[-_]?key|bearer'
  + '|(\\w+[-_])?(secret|password|passwd|passphrase)'
  + '|(\\w+[-_]?)?(secret[-_]?(access[-_]?)?key|access[-_]?key([-_]?id)?|client[-_]?secret|secret[-_]?string|secret[-_]?binary)'
  + '|[\\w-]*token)$',
  'i',
);

/** Tokens that page, mark or number something instead of opening doors. */
const HARMLESS_KEY = /^(next|page|pagination|continuation|client[-_]?request|idempotency|bos|eos|pad|stop)[-_]?token$/i;

const SECRET_VALUES: readonly [RegExp, string][] = [
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, REDACTED],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9\-._~+/]{8,}=*/gi, `$1 ${REDACTED}`],
  [/\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*/g, REDACTED],
  [/\b(X-Amz-(?:Signature|Credential|Security-Token)=)[^&\s"']+/gi, `$1${REDACTED}`],
  [/\b(aws_?(?:secret_?access_?key|session_?token)|secret_?access_?key|session_?token|api[-_]?key|client[-_]?secret|password|passwd|pwd)(["']?\s*[:=]\s*["']?)[^\s"',;&}]+/gi, `$1$2${REDACTED}`],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/]+:)[^\s@/]+@/gi, `$1${REDACTED}@`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, REDACTED],
];

/** True wherever one of the forms above is, and nearly nowhere else: most texts are read once, not once for each form. */
const SUSPICIOUS = /AKIA|ASIA|bearer|basic|eyJ|X-Amz-|:\/\/|PRIVATE KEY|key|token|secret|pass|pwd/i;
const MAX_KNOWN_KEYS = 2000;

const knownKeys = new Map<string, boolean>();

/** A function for JSON.stringify that blacks out credentials, by the name of their field and by their form. */
export function redact(key: string, value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined) return value;
  if (isSecretKey(key)) return REDACTED;
  return typeof value === 'string' ? redactText(value) : value;
}

export function redactText(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  let result = text;
  for (const [pattern, replacement] of SECRET_VALUES) result = result.replace(pattern, replacement);
  return result;
}

function isSecretKey(key: string): boolean {
  let secret = knownKeys.get(key);
  if (secret === undefined) {
    secret = SECRET_KEY.test(key) && !HARMLESS_KEY.test(key);
    if (knownKeys.size >= MAX_KNOWN_KEYS) knownKeys.clear();
    knownKeys.set(key, secret);
  }
  return secret;
}
