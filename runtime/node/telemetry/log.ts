import { Logger, LogFormatter, LogItem } from '@aws-lambda-powertools/logger';
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types';
import { currentInvocation } from './invocation';
import { redact } from './redaction';
import { settings } from './settings';
import { RUNTIME_ENVIRONMENT } from '../../../src/contract/data';
import { errorChain } from '../envelope/error-chain';

export const LOG_EVENTS = RUNTIME_ENVIRONMENT.logEvents;
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

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

const powertools = new Logger({ logFormatter: new StandardLogFormatter(), jsonReplacerFn: redact });

/** Powertools' logger, with the standard's fields on each line and secrets blacked out. */
export const logger: StandardLogger = {
  debug: (message, fields = {}) => powertools.debug(message, fields as Error),
  info: (message, fields = {}) => powertools.info(message, fields as Error),
  warn: (message, fields = {}) => powertools.warn(message, fields as Error),
  error: (message, fields = {}) => powertools.error(message, fields as Error),
};

/** One of the contract's events, so that a filter or a query finds it by name. Never throws: a log line is not worth a request. */
export function logEvent(level: LogLevel, event: string, fields: Record<string, unknown> = {}): void {
  try {
    logger[level](event, { event, ...fields });
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ level: level.toUpperCase(), event, log_failed: errorChain(error)[0].message })}\n`);
  }
}
