import { Duration, Lazy, Stack, Stage } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Function, IFunction } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { BedrockInvocationLogging } from './bedrock-invocation-logging';
import { BypassException, exceptionInput, requireBypassExceptions } from './bypass-exceptions';
import { tellStatements } from './tell-statements';
import { LIBRARY_FUNCTIONS, OPERATIONS } from '../contract/data';
import { LibraryFunction } from '../function/library-function';
import { ServiceFunction, serviceFunctionsBelow, tryServiceFunction } from '../function/service-functions';
import { CatalogMetric } from '../observability/catalog-metric';
import { MissingMetricAlarm } from '../observability/missing-metric-alarm';
import { acknowledgeWildcards } from '../standards/late-values/acknowledge-wildcards';
import { requireMetricNamePart } from '../standards/metric-name-part';
import { MuteWindow } from '../standards/mute-window';
import { Standards } from '../standards/standards';
import { teachingError, teachingMessage } from '../standards/teaching-error';
import { warn } from '../standards/warnings';

const { maxServices: MOST_SERVICES, silence: SILENCE } = OPERATIONS.bypassDetection;
/** In UTC; by then what was logged in the last full hour can be searched. */
const DAILY = { hour: '3', minute: '30' };

/** Properties of a `FactoryBypassDetector`. */
export interface FactoryBypassDetectorProps {
  /**
   * The functions whose logs are searched, each a `StandardLambda` or one with the `StandardLambdaMixin`.
   *
   * @default - all of them in the detector's stack
   */
  readonly services?: Function[];

  /**
   * The log group of the account's model invocations: it holds the calls of those that log nothing, and who they are. Logs in S3 cannot
   * be searched.
   *
   * @default - that of a `BedrockInvocationLogging` of the stage for the same account and Region, when it is there before the detector;
   * else none: only the services' own logs are searched
   * @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html
   */
  readonly invocationLog?: ILogGroup;

  /**
   * Calls that are known and may stay for a time.
   *
   * @default - none
   */
  readonly exceptions?: BypassException[];

  /**
   * Where each service with calls past the standard is told of, once a day.
   *
   * @default - the alarm topic of the standards; without one, the log and the metric tell alone
   */
  readonly topic?: ITopic;

  /**
   * The detector, in the count of its searches and in the name of the alarm on its silence. Two detectors of one environment have two
   * names.
   *
   * @default "bypass-detector"
   */
  readonly detectorName?: string;
}

/**
 * Looks each day for calls to Amazon Bedrock that went past the client of the standard: lines in the services' logs without the version of
 * the client, and entries of the account's invocation log without what each call of the standard says of itself.
 *
 * Each service with such calls is told of once, with what was found; their number is in `CatalogMetric.BEDROCK_BYPASS_COUNT`, zero for a
 * service without any. Calls by an identity of no known service count as `unknown`. A search that could not be completed fails, and sets
 * off the alarm on errors of `plumbline-bypass-detector`; a detector that does not run sets off one of its own.
 *
 * Errors: a function without the standard; more than 40 functions; an exception without an end, a reason, or one to whom it belongs; no
 * standards above the construct.
 *
 * Warnings, acknowledged by `Annotations.of(detector).acknowledgeWarning('cdk-plumbline:…')`: `bypassDetectorTellsNobody`, and
 * `bypassException:…` for each exception in its last 30 days.
 *
 * @see https://github.com/cdk-plumbline/cdk-plumbline/blob/main/docs/operations.md
 */
export class FactoryBypassDetector extends Construct {
  /** The function that searches. */
  public readonly function: IFunction;
  /** When it does. */
  public readonly rule: Rule;
  /** Fires after two days without a complete search. */
  public readonly silenceAlarm: MissingMetricAlarm;

  private readonly given?: ServiceFunction[];

  constructor(scope: Construct, id: string, props: FactoryBypassDetectorProps = {}) {
    super(scope, id);
    const detector = requireMetricNamePart(this, 'detectorName', props.detectorName ?? 'bypass-detector', 'bypass-detector');
    const exceptions = requireBypassExceptions(this, props.exceptions ?? []);
    this.given = props.services?.map(fn => requireStandard(this, fn));
    const invocationLog = props.invocationLog ?? tryInvocationLog(this);
    const topic = props.topic ?? Standards.of(this).alarmTopic;
    if (!topic) this.warnOfSilence();
    const fn = new LibraryFunction(this, 'Function', {
      name: 'bypass-detector',
      statements: topic ? tellStatements(topic) : [],
      actionsWithoutResources: ['logs:StopQuery'],
      retryAttempts: 0, // A second run would tell everybody again.
    });
    this.function = fn;
    this.allowSearch(fn, invocationLog);
    this.rule = new Rule(this, 'Daily', {
      description: `Looks for calls to Amazon Bedrock past the client of the standard (${Standards.of(this).product})`,
      schedule: Schedule.cron(DAILY),
    });
    this.rule.addTarget(new LambdaFunction(fn, {
      event: RuleTargetInput.fromObject({
        detector,
        services: Lazy.any({ produce: () => this.services().map(inputOf) }),
        exceptions: exceptions.map(exceptionInput),
        ...invocationLog && { invocationLog: invocationLog.logGroupName },
        ...topic && { topicArn: topic.topicArn },
      }),
      retryAttempts: 3,
    }));
    this.silenceAlarm = this.alarmOnSilence(detector);
    this.node.addValidation({ validate: () => [...this.findTooMany(), ...this.findNothing(invocationLog)] });
  }

  /** As they are when it is asked: a stack may get functions after its detector. */
  private services(): ServiceFunction[] {
    return this.given ?? serviceFunctionsBelow(Stack.of(this)).filter(isOfUser);
  }

  private allowSearch(fn: LibraryFunction, invocationLog: ILogGroup | undefined): void {
    const groups = (): ILogGroup[] => [...this.services().map(({ logGroup }) => logGroup), ...invocationLog ? [invocationLog] : []];
    const arns = (): string[] => [...new Set(groups().map(({ logGroupArn }) => logGroupArn))];
    const policy = new Policy(this, 'Search', {
      statements: [new PolicyStatement({
        sid: 'SearchLogs',
        actions: ['logs:GetQueryResults', 'logs:StartQuery'],
        resources: Lazy.list({ produce: arns }),
      })],
    });
    fn.role!.attachInlinePolicy(policy);
    acknowledgeWildcards(policy, arns, 'The streams of these log groups: the ARN of an imported one ends in ":*".');
  }

  /** Once a day is rare: its silence is not that of a night. */
  private alarmOnSilence(detector: string): MissingMetricAlarm {
    return new MissingMetricAlarm(this, 'Silent', {
      metric: CatalogMetric.BEDROCK_BYPASS_SCAN_COUNT,
      serviceName: detector,
      period: Duration.seconds(SILENCE.periodSeconds),
      evaluationPeriods: SILENCE.evaluationPeriods,
      muteWindow: MuteWindow.none(),
    });
  }

  private warnOfSilence(): void {
    warn(this, {
      id: 'bypassDetectorTellsNobody',
      message: 'The detector has no topic: what it finds stands in its log and in BedrockBypassCount, and nobody is told. Give it a topic, '
        + 'or the standards an alarmTopic.',
    });
  }

  private findTooMany(): string[] {
    const services = this.services();
    if (services.length <= MOST_SERVICES) return [];
    return [teachingMessage(this, {
      problem: 'EventBridge hands no more than 8,192 characters to the detector, which has to know each function',
      given: `${services.length} functions`,
      allowed: `${MOST_SERVICES} functions a detector`,
      fix: 'make several detectors, each with some of the functions as services and a detectorName of its own',
    })];
  }

  private findNothing(invocationLog: ILogGroup | undefined): string[] {
    if (invocationLog || this.services().length > 0) return [];
    return [teachingMessage(this, {
      problem: 'The detector has nothing to search',
      given: 'no services and no invocationLog',
      allowed: 'a StandardLambda in the stack of the detector, services of other stacks, or an invocationLog',
      fix: 'move the detector into the stack with the functions, or name them as services',
    })];
  }
}

/** Stages cannot refer to each other. */
function tryInvocationLog(scope: Construct): ILogGroup | undefined {
  const logging = BedrockInvocationLogging.tryOf(scope);
  return logging && Stage.of(logging) === Stage.of(scope) ? logging.logGroup : undefined;
}

/** The library's own functions call no model. */
function isOfUser({ serviceName }: ServiceFunction): boolean {
  return !serviceName.startsWith(LIBRARY_FUNCTIONS.servicePrefix);
}

function inputOf({ fn, serviceName, logGroup }: ServiceFunction): object {
  return { service: serviceName, logGroup: logGroup.logGroupName, role: fn.role!.roleName, fn: fn.functionName };
}

function requireStandard(scope: Construct, fn: Function): ServiceFunction {
  const service = tryServiceFunction(fn);
  if (service) return service;
  throw teachingError(scope, {
    problem: 'The detector searches the logs of functions under the standard',
    given: fn.node.path,
    allowed: 'a StandardLambda, or a function with the StandardLambdaMixin',
    fix: 'apply the StandardLambdaMixin to the function before the detector is created; calls of others are in the invocationLog',
  });
}
