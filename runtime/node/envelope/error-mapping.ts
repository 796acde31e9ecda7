import { ERROR_CODES } from '../../../src/contract/data';
import { read } from '../telemetry/thrown';

export type ErrorCode = keyof typeof ERROR_CODES.codes;

interface CodeRule {
  readonly retryable: boolean;
  readonly httpStatus: number;
  readonly message: string;
  readonly retryAfterSeconds?: number;
}

const CODES: Readonly<Record<ErrorCode, CodeRule>> = ERROR_CODES.codes;
const EXCEPTIONS: ReadonlyMap<string, ErrorCode> = new Map(Object.entries(ERROR_CODES.exceptions));
const SYSTEM_ERRORS: ReadonlyMap<string, ErrorCode> = new Map(Object.entries(ERROR_CODES.systemErrors));
const OWN_ERRORS = ERROR_CODES.ownErrors;
const BY_MESSAGE: readonly { code: ErrorCode; exceptions: ReadonlySet<string>; message: RegExp }[] = [
  byMessage('CONTEXT_TOO_LARGE', ERROR_CODES.contextTooLarge),
  byMessage('MODEL_UNAVAILABLE', ERROR_CODES.modelUnavailable),
  byMessage('TIMEOUT', ERROR_CODES.modelTimeout),
  byMessage('CONTENT_POLICY_VIOLATION', ERROR_CODES.contentPolicy),
];

/** What a message says, it says at its beginning; the rest may be the caller's own input. */
const MAX_READ = 2048;

export const FALLBACK_CODE: ErrorCode = ERROR_CODES.fallbackCode;
export const SUCCESS_STATUS = ERROR_CODES.successHttpStatus;

export function codeRule(code: ErrorCode): CodeRule {
  return CODES[code];
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(CODES, value);
}

/** The code of an error of 4xx that a handler answers with by itself. */
export function codeOfClientError(status: number): ErrorCode {
  return (OWN_ERRORS.codes as Readonly<Record<string, ErrorCode>>)[status] ?? OWN_ERRORS.otherClientErrors;
}

/** The code for anything that was thrown; what no rule knows is INTERNAL_ERROR. */
export function errorCodeOf(thrown: unknown): ErrorCode {
  if (isGuardrailIntervention(thrown)) return 'CONTENT_POLICY_VIOLATION';
  const names = [read(thrown, 'name'), read(thrown, 'code')].filter(isText).map(exceptionName);
  // Of a container on SageMaker the second is the whole text.
  const texts = [read(thrown, 'message'), read(thrown, 'OriginalMessage')].filter(isText).map(text => text.slice(0, MAX_READ));
  const rule = BY_MESSAGE.find(
    ({ exceptions, message }) => names.some(name => exceptions.has(name)) && texts.some(text => message.test(text)));
  if (rule) return rule.code;
  const code = names.map(name => EXCEPTIONS.get(name)).find(found => found !== undefined);
  return code ?? trySystemError(thrown) ?? trySystemError(read(thrown, 'cause')) ?? FALLBACK_CODE;
}

/** The code of a failure in the network, which `fetch` tells only as the cause of its error. */
function trySystemError(thrown: unknown): ErrorCode | undefined {
  const code = read(thrown, 'code');
  return isText(code) ? SYSTEM_ERRORS.get(code) : undefined;
}

/** An event of a stream calls its exception `throttlingException`. */
function exceptionName(name: string): string {
  return name.endsWith('Exception') ? name[0].toUpperCase() + name.slice(1) : name;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** A guardrail that intervenes answers, it does not throw: so handlers throw the answer itself. */
function isGuardrailIntervention(thrown: unknown): boolean {
  const { guardrailStopReason, guardrailAction } = ERROR_CODES.contentPolicy;
  return read(thrown, 'stopReason') === guardrailStopReason || read(thrown, 'amazon-bedrock-guardrailAction') === guardrailAction;
}

function byMessage(code: ErrorCode, rule: { readonly exceptions: readonly string[]; readonly messagePatterns: readonly string[] }) {
  return { code, exceptions: new Set(rule.exceptions), message: new RegExp(rule.messagePatterns.join('|'), 'i') };
}
