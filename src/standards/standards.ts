import { Stage, Token, Validations } from 'aws-cdk-lib';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { IConstruct } from 'constructs';
import { Checks } from './checks';
import { checksAtSynth } from './checks-at-synth';
import { GuardrailInForce } from './guardrail-in-force';
import { mark, STANDARDS, tryMark, tryNearestMark } from './marks';
import { MetricMigration, requireMetricMigrations } from './metric-migration';
import { requireMetricNamePart } from './metric-name-part';
import { MuteWindow } from './mute-window';
import { requireUniqueNames } from './physical-names';
import { requireRunbookUrl } from './runbook-url';
import { informAtSynth } from './synth-information';
import { teachingError } from './teaching-error';
import { ITeamMetric, requireTeamMetrics } from './team-metric';
import { ALARMS } from '../contract/data';
import { isProductionName } from '../contract/physical-name';

/** What every construct below a scope shares. */
export interface StandardsProps {
  /**
   * The product. First part of every metric namespace and alarm name, for example `MangaAssist`.
   *
   * Letters, digits, `.`, `_` and `-`, a letter first, at most 64.
   */
  readonly product: string;

  /**
   * The environment these constructs are deployed to, for example `prod`: the `environment` dimension of every metric, and
   * outside production the second part of every alarm name.
   *
   * Letters, digits, `.`, `_` and `-`, a letter first, at most 64.
   */
  readonly environment: string;

  /**
   * Whether this is the production environment, whose alarms are named `{product}-…`; those of any other environment are
   * named `{product}-{environment}-…`, so that several can share an account and Region.
   *
   * @default - true for an environment named `prod` or `production`, in any case; false for one that is known only at deployment
   */
  readonly production?: boolean;

  /**
   * Where every alarm of the library is sent: a topic of the Region that the alarms are in.
   *
   * @default - alarms change their state and tell nobody
   */
  readonly alarmTopic?: ITopic;

  /**
   * The page of your runbooks, to which the description of every alarm links. `{kind}` in it becomes the kind of the alarm, such as
   * `InitFailure`; without it the link ends with the kind as a heading of the page, `#initfailure`.
   *
   * @default - that of the standards above; the library's own page of first steps without any
   * @see https://github.com/cdk-plumbline/cdk-plumbline/blob/main/docs/alarms.md
   */
  readonly runbookUrl?: string;

  /**
   * When silence is expected, so that alarms on missing metrics stay quiet.
   *
   * @default MuteWindow.standard() - 02:00–08:00 Asia/Tokyo
   */
  readonly muteWindow?: MuteWindow;

  /**
   * Old names that metrics are emitted under too, each until a last day: for services whose dashboards and alarms have to move to the
   * names of the catalogue.
   *
   * @default - those of the standards above; none without any
   * @see https://github.com/cdk-plumbline/cdk-plumbline/blob/main/docs/metrics-migration.md
   */
  readonly metricMigrations?: MetricMigration[];

  /**
   * Metrics of the teams' own, beside those of the catalogue: any name, no approval. The runtimes emit them by `emitMetric`, each by its
   * id such as `Checkout.OrderCount`.
   *
   * @default - those of the standards above; none without any
   * @see https://github.com/cdk-plumbline/cdk-plumbline/blob/main/docs/metrics.md
   */
  readonly teamMetrics?: ITeamMetric[];

  /**
   * What a finding of `PlumblineChecks` at or below the scope does to the synthesis. The nearest standards count: a stack can warn
   * below an app that fails, and a stage can fail below an app that is not checked. Nothing outside of standards is checked.
   *
   * `true` stands for `Checks.ERROR`, `false` for `Checks.OFF`. A finding that `plumbline-baseline.json` knows is a warning.
   *
   * @default - those of the standards above; Checks.ERROR without any
   */
  readonly checks?: Checks | boolean;

  /**
   * The guardrails that the account or its organisation enforces: Bedrock refuses callers that may not apply them. Every role of the
   * library may, each guardrail by its exact ARN, where the role makes requests in the guardrail's Region.
   *
   * @default - those of the standards above; none without any
   * @see https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-enforcements.html
   */
  readonly enforcedGuardrails?: GuardrailInForce[];
}

const CHECKED = 'Standards.checked';

/**
 * The standards of a product in one environment, found from any construct below the scope they are applied to.
 *
 * The nearest ones above a construct count, so that each stage can have its own.
 *
 * An app with standards does not synthesise with two resources of one physical name in one account and Region, whether the
 * library named them or the app: the second one could not be deployed. Stacks without `env` are taken to share an account
 * and Region with those of their own stage only; resources with conditions of their own may share a name.
 *
 * Information at synth, acknowledged by `Annotations.of(stack).acknowledgeInfo('cdk-plumbline:…')`: at the first stack concerned
 * `noAlarmTopic`, `muteWindow`, `logRetention` and `withoutEnvelope`, at each stack `monthlyCost`.
 */
export class Standards {
  /**
   * Sets the standards for `scope` and everything below it.
   *
   * Errors: the scope has standards of its own already; `product` or `environment` cannot be part of a metric name.
   */
  public static apply(scope: IConstruct, props: StandardsProps): Standards {
    if (tryMark(scope, STANDARDS)) {
      throw teachingError(scope, {
        problem: 'Standards were applied to this scope already',
        given: { product: props.product, environment: props.environment },
        allowed: 'one Standards.apply a scope',
        fix: 'remove one of the two calls, or apply the second one to a stage or stack below',
      });
    }
    const standards = new Standards(scope, props);
    mark(scope, STANDARDS, standards);
    requireUniqueNames(scope);
    informAtSynth(
      scope,
      { alarmTopic: props.alarmTopic === undefined, muteWindow: props.muteWindow === undefined },
      stack => Standards.tryOf(stack) === standards,
    );
    if (standards.checks !== Checks.OFF) registerChecks(scope);
    return standards;
  }

  /**
   * The nearest standards at or above `construct`.
   *
   * Errors: there are none.
   */
  public static of(construct: IConstruct): Standards {
    const standards = Standards.tryOf(construct);
    if (!standards) {
      throw teachingError(construct, {
        problem: 'There are no Standards at or above this construct',
        given: undefined,
        allowed: 'Standards on the app, or on a stage or stack that holds the construct',
        fix: "call Standards.apply(app, { product: 'MangaAssist', environment: 'prod' }) before you create the construct",
      });
    }
    return standards;
  }

  /** The nearest standards at or above `construct`; undefined when there are none. */
  public static tryOf(construct: IConstruct): Standards | undefined {
    return tryNearestMark(construct, STANDARDS);
  }

  /** The product. */
  public readonly product: string;
  /** The environment. */
  public readonly environment: string;
  /** Whether names leave the environment out. */
  public readonly isProduction: boolean;
  /** Where alarms are sent, if anywhere. */
  public readonly alarmTopic?: ITopic;
  /** The page of the runbooks. */
  public readonly runbookUrl: string;
  /** When silence is expected. */
  public readonly muteWindow: MuteWindow;
  /** Old names that metrics are emitted under too. */
  public readonly metricMigrations: MetricMigration[];
  /** Metrics of the teams' own. */
  public readonly teamMetrics: ITeamMetric[];
  /** What a finding does to the synthesis. */
  public readonly checks: Checks;
  /** What the account or its organisation enforces. */
  public readonly enforcedGuardrails: GuardrailInForce[];

  private constructor(scope: IConstruct, props: StandardsProps) {
    this.product = requireMetricNamePart(scope, 'product', props.product, 'MangaAssist');
    this.environment = requireMetricNamePart(scope, 'environment', props.environment, 'prod');
    this.isProduction = props.production ?? (!Token.isUnresolved(props.environment) && isProductionName(props.environment));
    this.alarmTopic = props.alarmTopic;
    this.muteWindow = props.muteWindow ?? MuteWindow.standard();
    const above = Standards.tryOf(scope);
    this.runbookUrl = props.runbookUrl === undefined ? above?.runbookUrl ?? ALARMS.runbook : requireRunbookUrl(scope, props.runbookUrl);
    this.teamMetrics = props.teamMetrics ? [...requireTeamMetrics(scope, props.teamMetrics)] : [...above?.teamMetrics ?? []];
    this.metricMigrations = props.metricMigrations
      ? [...requireMetricMigrations(scope, props.metricMigrations, this.teamMetrics)]
      : [...above?.metricMigrations ?? []];
    this.checks = checksOf(props.checks) ?? above?.checks ?? Checks.ERROR;
    this.enforcedGuardrails = props.enforcedGuardrails ?? above?.enforcedGuardrails ?? [];
  }
}

function checksOf(given: Checks | boolean | undefined): Checks | undefined {
  if (typeof given !== 'boolean') return given;
  return given ? Checks.ERROR : Checks.OFF;
}

/**
 * The checks of an app stand on the app itself, and say per construct what counts there: the CDK asks no plugin of a stage that lies in
 * a stack, as those of CDK Pipelines do.
 */
function registerChecks(scope: IConstruct): void {
  const { root } = scope.node;
  const app = Stage.isStage(root) ? root : Stage.of(scope);
  if (!app || tryMark(app, CHECKED)) return;
  mark(app, CHECKED, true);
  Validations.of(app).addPlugins(checksAtSynth(app));
}
