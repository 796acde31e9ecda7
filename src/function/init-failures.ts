import { Lazy } from 'aws-cdk-lib';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup, FilterPattern, ILogGroup, LogGroupClass, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { IConstruct } from 'constructs';
import { logsAsJson } from './function-log-group';
import { ServiceAlarms } from './service-alarms';
import { IAM_PROBE, METRIC_CATALOG, RUNTIME_ENVIRONMENT } from '../contract/data';
import { TeachingErrorOptions } from '../contract/teaching-error';
import { referencesIn, resolvedProperties } from '../standards/late-values/references';
import { sharedMark } from '../standards/marks';
import { Standards } from '../standards/standards';
import { teachingError, teachingMessage } from '../standards/teaching-error';

/** The runtime's own lines about a start that failed. */
const EVENTS = [RUNTIME_ENVIRONMENT.logEvents.initFailed, IAM_PROBE.failureEvent];
const LOG_WRITERS = 'LogWriters';

/**
 * Counts the failed starts of a function in the metric of its service.
 *
 * Errors: a log group of another class than Standard, which takes no metric filter; also one that becomes so later, at synth.
 */
export function countInitFailures(fn: Function, logGroup: ILogGroup, serviceName: string): void {
  requireStandardClass(fn, logGroup);
  const metric = ServiceAlarms.of(fn, serviceName).initFailureMetric();
  const writer = registerWriter(fn, logGroup, serviceName);
  new MetricFilter(fn, 'InitFailures', {
    logGroup,
    filterPattern: FilterPattern.literal(Lazy.string({ produce: () => patternOf(writer, fn) })),
    metricNamespace: metric.namespace,
    metricName: metric.metricName,
    metricValue: '1',
  });
}

/** A function of a service that writes to a log group. */
interface LogWriter {
  /** The log group: its resource, or the name of an imported one. */
  readonly group: IConstruct | string;
  readonly product: string;
  readonly environment: string;
  readonly serviceName: string;
}

function registerWriter(fn: Function, logGroup: ILogGroup, serviceName: string): LogWriter {
  const { product, environment } = Standards.of(fn);
  const { account, region } = logGroup.env;
  const group = referencesIn(fn, logGroup.logGroupName)[0] ?? JSON.stringify([account, region, logGroup.logGroupName]);
  const writer = { group, product, environment, serviceName };
  writersOf(fn).push(writer);
  return writer;
}

/** Every function under the standard in the app that writes to a log group. */
function writersOf({ node: { root } }: IConstruct): LogWriter[] {
  return sharedMark<LogWriter[]>(root, LOG_WRITERS, () => []);
}

/**
 * Lambda's report of a failed start does not say whose it is. Where several services write to one log group, the runtime's own line
 * does; it is not written when Lambda ends the start itself, for want of time or memory.
 */
function patternOf(writer: LogWriter, fn: Function): string {
  const isShared = writersOf(fn).some(other => other.group === writer.group && identityOf(other) !== identityOf(writer));
  if (!isShared) return logsAsJson(fn) ? METRIC_CATALOG.initFailure.jsonPattern : METRIC_CATALOG.initFailure.textPattern;
  const failed = EVENTS.map(event => `($.event = "${event}")`).join(' || ');
  return `{ (${failed}) && ($.service_name = "${writer.serviceName}") && ($.environment = "${writer.environment}") }`;
}

const identityOf = ({ product, environment, serviceName }: LogWriter): string => JSON.stringify([product, environment, serviceName]);

function requireStandardClass(fn: Function, logGroup: ILogGroup): void {
  const problem = tryClassProblem(fn, logGroup);
  if (problem) throw teachingError(fn, problem);
  fn.node.addValidation({
    validate: () => {
      const later = tryClassProblem(fn, logGroup);
      return later ? [teachingMessage(fn, later)] : [];
    },
  });
}

/** Of an imported log group, and of a class that is known only at deployment, nothing can be said. */
function tryClassProblem(fn: Function, logGroup: ILogGroup): TeachingErrorOptions | undefined {
  const group = referencesIn(fn, logGroup.logGroupName).find(target => target instanceof CfnLogGroup);
  const given = group && resolvedProperties(group).LogGroupClass;
  if (typeof given !== 'string' || given === LogGroupClass.STANDARD) return undefined;
  return {
    problem: 'The alarm on failed starts reads the log group of the function, and CloudWatch reads metrics from Standard log groups only',
    given,
    allowed: 'a log group of the class LogGroupClass.STANDARD, or none: the function then gets one',
    fix: 'remove logGroupClass; the class of a log group cannot be changed, so that a deployed one gets a new name',
  };
}
