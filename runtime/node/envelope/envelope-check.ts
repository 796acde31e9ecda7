import type { Envelope } from './envelope';
import { isErrorCode } from './error-mapping';

const ENVELOPE_KEYS = ['status', 'request_id', 'data', 'error'];
const ERROR_KEYS = ['code', 'message', 'retryable', 'support_ref'];

/** Whether a value is an envelope as the contract's schema has it, with no key more and none less. */
export function isEnvelope(value: unknown): value is Envelope {
  if (!hasExactly(value, ENVELOPE_KEYS) || !isText(value.request_id)) return false;
  switch (value.status) {
    case 'success': return value.error === null;
    case 'error': return value.data === null && isErrorBody(value.error);
    case 'partial': return isErrorBody(value.error);
    default: return false;
  }
}

function isErrorBody(value: unknown): boolean {
  return hasExactly(value, ERROR_KEYS)
    && isErrorCode(value.code) && isText(value.message) && typeof value.retryable === 'boolean' && isText(value.support_ref);
}

function hasExactly(value: unknown, keys: readonly string[]): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.keys(value).length === keys.length && keys.every(key => Object.hasOwn(value, key));
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length > 0;
}
