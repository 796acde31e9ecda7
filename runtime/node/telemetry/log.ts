import { errorChain } from './error-chain';
import type * as powertoolsLogger from './powertools-logger';
import { redacted } from './redaction';
import { isError } from './thrown';
import { RUNTIME_ENVIRONMENT } from '../../../src/contract/data';

export const LOG_EVENTS = RUNTIME_ENVIRONMENT.logEvents;

export type LogLevel = powertoolsLogger.LogLevel;

/** What a line says of itself, and what makes it a metric to CloudWatch: no field of a call can say it instead. */
const OWN_NAMES: ReadonlySet<string> = new Set([
  '_aws', 'level', 'message', 'timestamp', 'service', 'service_name', 'environment', 'request_id', 'function_request_id', 'xray_trace_id',
  'sampling_rate',
]);

/** What a handler logs with. */
export type StandardLogger = Record<LogLevel, (message: string, fields?: Record<string, unknown> | Error) => void>;

/**
 * Powertools' logger, with the standard's fields on each line and secrets blacked out.
 *
 * What a call gives stands under `fields` or `error`, never at the root of the line: there a caller's own words could pass for a
 * metric, a request id or an event of the standard.
 */
export const logger: StandardLogger = {
  debug: (message, fields) => log('debug', message, fields),
  info: (message, fields) => log('info', message, fields),
  warn: (message, fields) => log('warn', message, fields),
  error: (message, fields) => log('error', message, fields),
};

/** Whether work is under way that only finds out what would be. */
let isTrial = false;

/** Does work that is over at once, and of which the log shall have no event. */
export function withoutEvents<T>(work: () => T): T {
  const before = isTrial;
  isTrial = true;
  try {
    return work();
  } finally {
    isTrial = before;
  }
}

/** One of the contract's events, so that a filter or a query finds it by name; its fields stand at the root of the line. */
export function logEvent(level: LogLevel, event: string, fields: Record<string, unknown> = {}): void {
  if (isTrial) return;
  const names = Object.keys(fields);
  if (!names.some(name => OWN_NAMES.has(name))) return write(level, event, { ...fields, event });
  const further = names.filter(name => !OWN_NAMES.has(name)).map(name => [name, fields[name]]);
  write(level, event, { ...Object.fromEntries(further), event });
}

function log(level: LogLevel, message: unknown, fields: unknown): void {
  // Typed or not, what is no text would be spread at the root.
  if (typeof message !== 'string') return write(level, '', { fields: fields === undefined ? message : [message, fields] });
  write(level, message, fields === undefined ? {} : { [isError(fields) ? 'error' : 'fields']: fields });
}

/** Never throws: a log line is not worth a request. */
function write(level: LogLevel, message: string, fields: Record<string, unknown>): void {
  try {
    const { isShown, writeLine } = powertools();
    if (isShown(level)) writeLine(level, redacted(message) as string, redacted(fields) as Record<string, unknown>);
  } catch (error) {
    const failed = { level: level.toUpperCase(), message, event: fields.event, log_failed: errorChain(error)[0].message };
    process.stdout.write(`${JSON.stringify(redacted(failed))}\n`);
  }
}

let loaded: typeof powertoolsLogger | undefined;

/** Loaded with the first line: a start that logs nothing does not pay for it. */
function powertools(): typeof powertoolsLogger {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it with the function
  loaded ??= require('./powertools-logger') as typeof powertoolsLogger;
  return loaded;
}
