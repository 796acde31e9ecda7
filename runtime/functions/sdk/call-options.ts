import { LIBRARY_FUNCTIONS } from '../../../src/contract/data';

const { maxAttempts, connectTimeoutMs, readTimeoutMs } = LIBRARY_FUNCTIONS.calls;

/** For every SDK client of the library's own functions: by itself a client waits for ever for an answer that does not come. */
export const CALL_OPTIONS = {
  maxAttempts,
  requestHandler: { connectionTimeout: connectTimeoutMs, requestTimeout: readTimeoutMs, throwOnRequestTimeout: true },
};
