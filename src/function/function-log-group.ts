import { CfnFunction, Function, LoggingFormat } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
import { LOGGING } from '../contract/data';
import { noteDefaultRetention } from '../standards/information';

/**
 * The log group that a function writes to: the one it was given, else a new one of its own.
 *
 * `Function.logGroup` alone would create a custom resource, with a role and a managed policy, for a function without one.
 */
export function ownLogGroup(fn: Function): ILogGroup {
  const resource = fn.node.defaultChild as CfnFunction;
  const logging = loggingConfig(resource);
  const given = givenLogGroup(fn, logging);
  const logGroup = given ?? new LogGroup(fn, 'LogGroup', { retention: LOGGING.retentionDays });
  if (!given) noteDefaultRetention(logGroup);
  resource.loggingConfig = {
    ...logging,
    logFormat: logging.logFormat ?? LoggingFormat.JSON,
    ...(given ? {} : { logGroup: logGroup.logGroupName }),
  };
  Object.defineProperty(fn, 'logGroup', { get: () => logGroup, configurable: true });
  return logGroup;
}

/** The getter would make a group for a function that has none of its own, and knows nothing of one that only the resource names. */
function givenLogGroup(fn: Function, { logGroup: name }: CfnFunction.LoggingConfigProperty): ILogGroup | undefined {
  if (Reflect.get(fn, '_logGroup')) return fn.logGroup;
  return name === undefined ? undefined : LogGroup.fromLogGroupName(fn, 'GivenLogGroup', name);
}

/** Whether Lambda writes its own log lines as JSON. */
export function logsAsJson(fn: Function): boolean {
  return loggingConfig(fn.node.defaultChild as CfnFunction).logFormat === LoggingFormat.JSON;
}

function loggingConfig(resource: CfnFunction): CfnFunction.LoggingConfigProperty {
  return (resource.loggingConfig as CfnFunction.LoggingConfigProperty | undefined) ?? {};
}
