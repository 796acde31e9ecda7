import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { tellStatements } from './tell-statements';
import { PROMPT_REGISTRY } from '../contract/data';
import { LibraryFunction } from '../function/library-function';
import { CatalogMetric } from '../observability/catalog-metric';
import { MissingMetricAlarm } from '../observability/missing-metric-alarm';
import { standardAlarm } from '../observability/standard-alarm';
import { bundledCopies } from '../prompts/bundled-prompts';
import { PromptRegistry } from '../prompts/prompt-registry';
import { requireMetricNamePart } from '../standards/metric-name-part';
import { MuteWindow } from '../standards/mute-window';
import { Standards } from '../standards/standards';
import { teachingError, teachingMessage } from '../standards/teaching-error';
import { warn } from '../standards/warnings';

const { alarm: ALARM, maxInputCharacters: MOST_CHARACTERS } = PROMPT_REGISTRY.driftAudit;
const NAME = 'prompt-drift-audit';
/** In UTC; an hour after the search for calls past the standard. */
const DAILY = { hour: '4', minute: '30' };

/** Properties of a `PromptDriftAudit`. */
export interface PromptDriftAuditProps {
  /** The registry that is audited, in the audit's own stack: its policies name the audit's role. */
  readonly registry: PromptRegistry;

  /**
   * Where each diverged prompt is told of, once a day, with priority P3. It may be of another account or Region: then its policy has to let
   * the function's role publish.
   *
   * @default - the alarm topic of the standards; without one, the log, the metric and the alarms tell alone
   */
  readonly topic?: ITopic;

  /**
   * The audit, in its metrics and in the name of the alarm on its silence. Two audits of one environment have two names.
   *
   * @default "prompt-drift-audit"
   */
  readonly auditName?: string;
}

/**
 * Compares each day what every environment serves with what its prompt registry has published, signed and locked.
 *
 * It reads the whole table and every version of every object: deployments, their locked copies, documents, records, approvals, results of
 * tests, and the hashes of the copies in functions' code. What looks wrong is read once more, for a promotion may be under way. Each
 * diverged prompt is told of with both hashes; `CatalogMetric.PROMPT_DIVERGED_COUNT` has their number in each environment, zero too, and
 * an alarm. What each environment serves stands in the log. Events that a command left behind when it ended too early are published.
 *
 * An audit that could not see everything fails, and sets off the alarm on errors of `plumbline-prompt-drift-audit`; one that does not
 * run sets off one of its own.
 *
 * Errors: a registry of another stack; no standards above the construct; more environments and copies of prompts in functions' code than
 * EventBridge can hand over.
 *
 * Warning, acknowledged by `Annotations.of(audit).acknowledgeWarning('cdk-plumbline:promptAuditTellsNobody')`: there is no topic.
 *
 * @see https://github.com/cdk-plumbline/cdk-plumbline/blob/main/docs/prompt-registry.md
 */
export class PromptDriftAudit extends Construct {
  /** The function that compares. */
  public readonly function: IFunction;
  /** When it does. */
  public readonly rule: Rule;
  /** Each fires when prompts of an environment diverged, until an audit finds none. */
  public readonly divergedAlarms: Alarm[];
  /** Fires after two days without a complete audit. */
  public readonly silenceAlarm: MissingMetricAlarm;

  constructor(scope: Construct, id: string, props: PromptDriftAuditProps) {
    super(scope, id);
    const { registry } = props;
    const audit = requireMetricNamePart(this, 'auditName', props.auditName ?? NAME, NAME);
    requireOwnStack(this, registry);
    const topic = props.topic ?? Standards.of(this).alarmTopic;
    if (!topic) this.warnOfSilence();
    const fn = new LibraryFunction(this, 'Function', {
      name: NAME,
      statements: [verifyStatement(registry), ...topic ? tellStatements(topic) : []],
      retryAttempts: 0, // A second run would tell everybody again.
    });
    registry.grantAudit(fn.role!);
    this.function = fn;
    this.rule = new Rule(this, 'Daily', {
      description: `Compares what environments serve with the prompt registry (${Standards.of(this).product})`,
      schedule: Schedule.cron(DAILY),
    });
    this.rule.addTarget(new LambdaFunction(fn, {
      event: RuleTargetInput.fromObject({
        audit,
        bucket: registry.bucket.bucketName,
        table: registry.table.tableName,
        signingKey: registry.signingKey.keyArn,
        eventBus: registry.eventBus.eventBusName,
        environments: registry.environments,
        bundled: Lazy.any({ produce: () => bundledInput(registry) }),
        ...topic && { topicArn: topic.topicArn },
      }),
      retryAttempts: 3,
    }));
    this.divergedAlarms = registry.environments.map(environment => this.alarmOnDivergence(audit, environment));
    this.silenceAlarm = new MissingMetricAlarm(this, 'Silent', {
      metric: CatalogMetric.PROMPT_AUDIT_COUNT, serviceName: audit, muteWindow: MuteWindow.none(),
    });
    this.node.addValidation({ validate: () => this.findTooMuch(registry) });
  }

  /** For a day, one audit being a day's; an hour's data point each, so that it goes off soon. */
  private alarmOnDivergence(audit: string, environment: string): Alarm {
    const kind = 'PromptDivergedCount';
    return standardAlarm(this, `${kind}-${environment}`, {
      kind,
      nameParts: [environment, kind],
      rings: `The audit ${audit} found prompts of the environment ${environment} that are not what the registry has published.`,
      metric: CatalogMetric.PROMPT_DIVERGED_COUNT.metric(this, { statistic: 'Maximum', period: Duration.seconds(ALARM.periodSeconds) })
        .with({ dimensionsMap: { service_name: audit, environment } }),
      threshold: 0,
      evaluationPeriods: ALARM.evaluationPeriods,
      datapointsToAlarm: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  private warnOfSilence(): void {
    warn(this, {
      id: 'promptAuditTellsNobody',
      message: 'The audit has no topic: what it finds stands in its log and in PromptDivergedCount, and nobody is told. Give it a topic, '
        + 'or the standards an alarmTopic.',
    });
  }

  private findTooMuch(registry: PromptRegistry): string[] {
    const characters = JSON.stringify([registry.environments, bundledInput(registry)]).length;
    if (characters <= MOST_CHARACTERS) return [];
    return [teachingMessage(this, {
      problem: 'EventBridge hands no more than 8,192 characters to the audit, which has to know each copy of a prompt in functions\' code',
      given: `${characters} characters`,
      allowed: `${MOST_CHARACTERS} characters of environments and copies, about 75 of them`,
      fix: 'bundle fewer prompts: those without which a service must not start',
    })];
  }
}

/** By environment and prompt, without the sandbox: there nothing is signed, and nothing audited. */
function bundledInput(registry: PromptRegistry): Record<string, Record<string, string[]>> {
  const input: Record<string, Record<string, string[]>> = {};
  for (const { environment, id, templateHash } of bundledCopies(registry)) {
    if (!registry.environments.includes(environment)) continue;
    const prompts = input[environment] ??= {};
    (prompts[id] ??= []).push(templateHash);
  }
  return input;
}

/** The registry grants it too. CloudFormation takes no policy without a statement, and without a topic there is no other one. */
function verifyStatement({ signingKey }: PromptRegistry): PolicyStatement {
  return new PolicyStatement({ sid: 'VerifyPrompts', actions: ['kms:GetPublicKey'], resources: [signingKey.keyArn] });
}

function requireOwnStack(audit: Construct, registry: PromptRegistry): void {
  if (Stack.of(audit) === Stack.of(registry)) return;
  throw teachingError(audit, {
    problem: 'The audit stands in another stack than its registry, whose policies have to name the role of the audit',
    given: Stack.of(audit).node.path,
    allowed: `the stack ${Stack.of(registry).node.path}`,
    fix: 'create the PromptDriftAudit where the PromptRegistry is created; a topic may be anywhere',
  });
}
