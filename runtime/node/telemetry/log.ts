import { Logger, LogFormatter, LogItem, LogLevelThreshold } from '@aws-lambda-powertools/logger';
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types';
import { errorChain } from './error-chain';
import { currentInvocation } from './invocation';
import { redacted } from './redaction';
import { settings } from './settings';
import { isError } from './thrown';
import { RUNTIME_ENVIRONMENT } from '../../../src/contract/data';

export const LOG_EVENTS = RUNTIME_ENVIRONMENT.logEvents;

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What a line says of itself, and what makes it a metric to CloudWatch: no field of a call can say it instead. */
const OWN_NAMES: ReadonlySet<string> = new Set([
  '_aws', 'level', 'message', 'timestamp', 'service', 'service_name', 'environment', 'request_id', 'function_request_id', 'xray_trace_id',
  'sampling_rate',
]);

/** Every line says where it comes from, also in a function that runs several invocations at a time. */
class StandardLogFormatter extends LogFormatter {
  public formatAttributes(attributes: UnformattedAttributes, additional: LogAttributes): LogItem {
    const { serviceName, environment } = settings();
    const invocation = currentInvocation();
    return new LogItem({
      attributes: {
        level: attributes.logLevel,
        message: attributes.message,
        timestamp: this.formatTimestamp(attributes.timestamp),
        service_name: serviceName,
        environment,
        ...(invocation && { request_id: invocation.requestId }),
        ...(invocation && invocation.lambdaRequestId !== invocation.requestId && { function_request_id: invocation.lambdaRequestId }),
        ...(attributes.xRayTraceId && { xray_trace_id: attributes.xRayTraceId }),
        ...additional,
      },
    });
  }
}

/** What a handler logs with. */
export type StandardLogger = Record<LogLevel, (message: string, fields?: Record<string, unknown> | Error) => void>;

const powertools = new Logger({ logFormatter: new StandardLogFormatter() });

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

/** One of the contract's events, so that a filter or a query finds it by name; its fields stand at the root of the line. */
export function logEvent(level: LogLevel, event: string, fields: Record<string, unknown> = {}): void {
  const further = Object.entries(fields).filter(([name]) => !OWN_NAMES.has(name));
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
    if (LogLevelThreshold[level.toUpperCase() as keyof typeof LogLevelThreshold] < powertools.level) return;
    powertools[level](redacted(message) as string, redacted(fields) as LogAttributes);
  } catch (error) {
    const failed = { level: level.toUpperCase(), message, event: fields.event, log_failed: errorChain(error)[0].message };
    process.stdout.write(`${JSON.stringify(redacted(failed))}\n`);
  }
}
