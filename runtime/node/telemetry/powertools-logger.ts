import { Logger, LogFormatter, LogItem, LogLevelThreshold } from '@aws-lambda-powertools/logger';
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types';
import { currentInvocation } from './invocation';
import { settings } from './settings';

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

const powertools = new Logger({ logFormatter: new StandardLogFormatter() });

export function isShown(level: LogLevel): boolean {
  return LogLevelThreshold[level.toUpperCase() as keyof typeof LogLevelThreshold] >= powertools.level;
}

export function writeLine(level: LogLevel, message: string, fields: Record<string, unknown>): void {
  powertools[level](message, fields as LogAttributes);
}
