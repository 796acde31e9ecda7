import { Duration } from 'aws-cdk-lib';
import { Metric, Unit } from 'aws-cdk-lib/aws-cloudwatch';
import { IConstruct } from 'constructs';
import { METRIC_CATALOG } from '../contract/data';
import { MetricEntry, MetricId, METRICS } from '../contract/metric-entry';
import { teamMetricId } from '../contract/team-metric';
import { Standards } from '../standards/standards';
import { teachingError } from '../standards/teaching-error';
import { ITeamMetric } from '../standards/team-metric';

const TEAM = METRIC_CATALOG.team;

/** Which of a metric's dimension sets to read, and how. */
export interface CatalogMetricOptions {
  /**
   * The service to look at.
   *
   * @default - all services of the product together
   */
  readonly serviceName?: string;

  /**
   * Further dimensions, such as `{ error_code: 'THROTTLE' }`. `environment` and `service_name` are added.
   *
   * @default - none
   */
  readonly dimensions?: Record<string, string>;

  /**
   * The length of one data point.
   *
   * @default Duration.minutes(5)
   */
  readonly period?: Duration;

  /**
   * The statistic, such as `Sum`, `Average` or `p99`.
   *
   * @default - `Sum` for counts, `p99` for times
   */
  readonly statistic?: string;
}

/** A metric of a team's own, outside the catalogue. */
export interface TeamMetricOptions {
  /**
   * The second part of the namespace: `{product}/{area}`.
   *
   * @default "Team"
   */
  readonly area?: string;

  /**
   * The dimension sets that the team's code emits, without `environment`.
   *
   * @default - `[service_name, environment]` and `[environment]`
   */
  readonly dimensionSets?: string[][];

  /**
   * The unit.
   *
   * @default Unit.COUNT
   */
  readonly unit?: Unit;

  /**
   * Whether a sum of zero means that something is broken, so that a `MissingMetricAlarm` makes sense.
   *
   * @default true
   */
  readonly zeroIsFault?: boolean;

  /**
   * What the metric tells, for those who find it on a dashboard.
   *
   * @default - nothing
   */
  readonly description?: string;

  /**
   * Who answers for the metric.
   *
   * @default - nobody in particular
   */
  readonly owner?: string;

  /**
   * How old the newest datum may be: a `MissingMetricAlarm` takes its period and evaluation periods from it. Whole minutes.
   *
   * @default Duration.minutes(5)
   */
  readonly freshness?: Duration;
}

/**
 * A metric of the catalogue: namespace, name, unit, and the dimension sets that the runtimes emit.
 *
 * CloudWatch matches an alarm to one exact dimension set, so only emitted sets can be read.
 */
export class CatalogMetric implements ITeamMetric {
  // Written by projen from contract/metric-catalog.json:
  /** Requests to a Bedrock model, one datum a call. */
  public static readonly BEDROCK_INVOCATION_COUNT = CatalogMetric.fromCatalog('BedrockInvocationCount');
  /** Attempts that Bedrock answered with throttling, one datum a call; 0 when none was. */
  public static readonly BEDROCK_THROTTLING_COUNT = CatalogMetric.fromCatalog('BedrockThrottlingCount');
  /** Chunks that a retrieval put into the context. Above zero means that answers are grounded. */
  public static readonly RETRIEVAL_CHUNK_COUNT = CatalogMetric.fromCatalog('RetrievalChunkCount');
  /** Time from the start of an invocation to its answer, in milliseconds. */
  public static readonly LATENCY_END_TO_END_MS = CatalogMetric.fromCatalog('LatencyEndToEndMs');
  /** User sessions by state. */
  public static readonly SESSION_COUNT = CatalogMetric.fromCatalog('SessionCount');
  /** Error envelopes by code, one datum an error. */
  public static readonly ERROR_COUNT = CatalogMetric.fromCatalog('ErrorCount');
  /** Requests that went to the fallback Region. */
  public static readonly BEDROCK_REGION_FALLBACK_COUNT = CatalogMetric.fromCatalog('BedrockRegionFallbackCount');
  /** Answers that the envelope would change, of functions whose envelope is LOG_ONLY; 0 for one that would stay as it is. */
  public static readonly ENVELOPE_CHANGE_COUNT = CatalogMetric.fromCatalog('EnvelopeChangeCount');
  /** Tokens that went into an answer of a model: those read anew, those read from the cache, and those written into it. */
  public static readonly BEDROCK_INPUT_TOKEN_COUNT = CatalogMetric.fromCatalog('BedrockInputTokenCount');
  /** Tokens of an answer of a model. */
  public static readonly BEDROCK_OUTPUT_TOKEN_COUNT = CatalogMetric.fromCatalog('BedrockOutputTokenCount');
  /** Tokens of the input that came from the prompt cache. */
  public static readonly BEDROCK_CACHE_READ_TOKEN_COUNT = CatalogMetric.fromCatalog('BedrockCacheReadTokenCount');
  /** Tokens of the input that were written into the prompt cache. */
  public static readonly BEDROCK_CACHE_WRITE_TOKEN_COUNT = CatalogMetric.fromCatalog('BedrockCacheWriteTokenCount');
  /** Time from the start of a call to the first token of its stream, in milliseconds. */
  public static readonly BEDROCK_TIME_TO_FIRST_TOKEN_MS = CatalogMetric.fromCatalog('BedrockTimeToFirstTokenMs');
  /** Answers of models by the reason for which they ended. */
  public static readonly BEDROCK_STOP_REASON_COUNT = CatalogMetric.fromCatalog('BedrockStopReasonCount');
  /** Requests to an endpoint of SageMaker, one datum a call. */
  public static readonly SAGE_MAKER_INVOCATION_COUNT = CatalogMetric.fromCatalog('SageMakerInvocationCount');
  /** Attempts that SageMaker or the container of a model answered with throttling, one datum a call; 0 when none was. */
  public static readonly SAGE_MAKER_THROTTLING_COUNT = CatalogMetric.fromCatalog('SageMakerThrottlingCount');
  /** Prompts of the registry that were refused because they are not what was signed; 0 for a read that was. */
  public static readonly PROMPT_INTEGRITY_FAILURE_COUNT = CatalogMetric.fromCatalog('PromptIntegrityFailureCount');
  /** Prompts served from the cache after their time, because the registry could not be read. */
  public static readonly PROMPT_STALE_COUNT = CatalogMetric.fromCatalog('PromptStaleCount');
  /** Prompts served from the copy in the function's code, because the registry could not be read. */
  public static readonly PROMPT_BUNDLED_COUNT = CatalogMetric.fromCatalog('PromptBundledCount');
  /** Requests for a prompt that were refused: there was none that may be served. */
  public static readonly PROMPT_UNAVAILABLE_COUNT = CatalogMetric.fromCatalog('PromptUnavailableCount');
  /** Prompts of an environment that are not what the registry has published, as an audit found them; 0 for none. */
  public static readonly PROMPT_DIVERGED_COUNT = CatalogMetric.fromCatalog('PromptDivergedCount');
  /** Complete audits of a prompt registry, one datum a day; service_name is the audit. */
  public static readonly PROMPT_AUDIT_COUNT = CatalogMetric.fromCatalog('PromptAuditCount');
  /** Presence gates that a new version of a service went through, one datum a gate. */
  public static readonly PRESENCE_GATE_COUNT = CatalogMetric.fromCatalog('PresenceGateCount');
  /** Calls to Bedrock in a day that went past the client of the standard; 0 for a service without any. */
  public static readonly BEDROCK_BYPASS_COUNT = CatalogMetric.fromCatalog('BedrockBypassCount');
  /** Complete searches for calls to Bedrock past the standard, one datum a day and source; service_name is the detector. */
  public static readonly BEDROCK_BYPASS_SCAN_COUNT = CatalogMetric.fromCatalog('BedrockBypassScanCount');
  // End of what projen writes.

  /** All metrics of the catalogue. */
  public static catalog(): CatalogMetric[] {
    return METRICS.map(entry => new CatalogMetric(entry));
  }

  /**
   * A metric of a team's own: any name, no approval. Those that the runtimes emit by `emitMetric` stand in `teamMetrics` of `Standards`.
   *
   * @param name the metric name
   * @param options where it is emitted, and with which dimensions
   */
  public static team(name: string, options: TeamMetricOptions = {}): CatalogMetric {
    const { area = TEAM.area, unit = Unit.COUNT, zeroIsFault = true } = options;
    const [dimensions, ...rollups] = options.dimensionSets?.map(set => [...new Set([...set, 'environment'])]) ?? TEAM.dimensionSets;
    return new CatalogMetric({
      id: teamMetricId(area, name),
      area,
      name,
      unit,
      zeroIsFault,
      dimensions,
      rollups,
      description: options.description ?? '',
      owner: options.owner ?? '',
      freshnessSeconds: options.freshness?.toSeconds() ?? TEAM.freshnessSeconds,
    });
  }

  private static fromCatalog(id: MetricId): CatalogMetric {
    return new CatalogMetric(METRICS.find(entry => entry.id === id)!);
  }

  /** The metric in alarm names: `BedrockInvocationCount` of the catalogue, `Checkout.OrderCount` of a team. */
  public readonly id: string;
  /** The second part of the namespace. */
  public readonly area: string;
  /** The metric name. */
  public readonly metricName: string;
  /** The unit. */
  public readonly unit: Unit;
  /** Whether a sum of zero means that something is broken. */
  public readonly zeroIsFault: boolean;
  /** Every dimension set that the runtimes emit. */
  public readonly dimensionSets: string[][];
  /** What it tells; empty where its team says nothing. */
  public readonly description: string;
  /** Who answers for it; empty where its team names nobody. */
  public readonly owner: string;
  /** How old the newest datum may be. */
  public readonly freshness: Duration;

  private constructor(entry: Omit<MetricEntry, 'constant' | 'tier' | 'emittedBy' | 'dimensionValues'>) {
    this.id = entry.id;
    this.area = entry.area;
    this.metricName = entry.name;
    this.unit = entry.unit as Unit;
    this.zeroIsFault = entry.zeroIsFault;
    this.dimensionSets = [entry.dimensions, ...entry.rollups].map(set => [...set]);
    this.description = entry.description;
    this.owner = entry.owner;
    this.freshness = Duration.seconds(entry.freshnessSeconds);
  }

  /** The namespace in the product of `scope`. */
  public namespace(scope: IConstruct): string {
    return `${Standards.of(scope).product}/${this.area}`;
  }

  /**
   * The CloudWatch metric, with the product and environment of the standards that hold for `scope`.
   *
   * Errors: the runtimes emit no dimension set of just these names.
   */
  public metric(scope: IConstruct, options: CatalogMetricOptions = {}): Metric {
    return new Metric({
      namespace: this.namespace(scope),
      metricName: this.metricName,
      dimensionsMap: this.emittedDimensions(scope, options),
      period: options.period ?? Duration.seconds(METRIC_CATALOG.missingAlarm.periodSeconds),
      statistic: options.statistic ?? (this.unit === Unit.COUNT ? 'Sum' : 'p99'),
    });
  }

  private emittedDimensions(scope: IConstruct, options: CatalogMetricOptions): Record<string, string> {
    const { environment } = Standards.of(scope);
    const known: Record<string, string> = {
      ...options.dimensions,
      ...(options.serviceName !== undefined ? { service_name: options.serviceName } : {}),
      environment,
    };
    // A few sets, such as those of the fallback count, do not hold the environment.
    const names = this.dimensionSets.find(set => sameNames(new Set([...set, 'environment']), Object.keys(known)));
    if (!names) {
      throw teachingError(scope, {
        problem: `An alarm would never see data: ${this.namespace(scope)} ${this.metricName} is never emitted with these dimensions`,
        given: Object.keys(known),
        allowed: this.dimensionSets.map(set => `[${set.join(', ')}]`).join(', '),
        fix: 'name the dimensions of one of these sets; environment is added for you',
      });
    }
    return Object.fromEntries(names.map(name => [name, known[name]]));
  }
}

function sameNames(left: Set<string>, right: string[]): boolean {
  return left.size === right.length && right.every(name => left.has(name));
}
