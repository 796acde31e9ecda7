import { Dashboard, GraphWidget, IMetric, IWidget, MathExpression, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { CatalogMetric } from './catalog-metric';
import { CALL_USAGE, ERROR_CODES, METRIC_CATALOG } from '../contract/data';
import { physicalName } from '../contract/physical-name';
import { Standards } from '../standards/standards';
import { teachingError } from '../standards/teaching-error';

/** Properties of a `StandardDashboard`. */
export interface StandardDashboardProps {
  /**
   * The services that have a part of their own, in this order.
   *
   * @default - none: the product as a whole
   */
  readonly services?: string[];

  /**
   * The dashboard's name: letters, digits, `-` and `_`. Names of dashboards are unique in an account, whatever the Region.
   *
   * @default - in production `{product}-Dashboard`, elsewhere `{product}-{environment}-Dashboard`
   */
  readonly dashboardName?: string;
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html */
const MOST_WIDGETS = 500;
const WIDTH = 24;
const A_THIRD = WIDTH / 3;
const PERCENTILES = ['p50', 'p90', 'p99'];
const STOP_REASONS: readonly string[] = [...Object.keys(CALL_USAGE.stopReason.reasons), CALL_USAGE.stopReason.unknown];

/**
 * The product, and each service named, as the catalogue has them: requests, latency, errors by code, throttling and fallbacks, tokens,
 * the time to the first token, why answers ended, and prompts that could not be served as they should; for the product also presence gates
 * and calls past the client. Beside them is what Amazon Bedrock counts itself.
 *
 * Every graph reads a dimension set that the runtimes emit, so none stays empty for a name that drifted.
 *
 * Errors: a service twice; more widgets than CloudWatch takes; no standards above the construct.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Dashboards.html
 */
export class StandardDashboard extends Construct {
  /** The dashboard, for widgets of your own. */
  public readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: StandardDashboardProps = {}) {
    super(scope, id);
    const { services = [] } = props;
    const standards = Standards.of(this);
    requireOnce(this, services);
    const parts = [
      ...this.part(`${standards.product}, ${standards.environment}`, this.productWidgets()),
      ...this.part('Amazon Bedrock, as AWS counts it in this Region', nativeWidgets()),
      ...services.flatMap(service => this.part(service, this.serviceWidgets(service))),
    ];
    requireRoom(this, parts);
    this.dashboard = new Dashboard(this, 'Dashboard', { dashboardName: props.dashboardName ?? physicalName(standards, 'Dashboard') });
    this.dashboard.addWidgets(...parts);
  }

  /** A heading, and its graphs below. CloudWatch puts what does not fit beside the others into the next row. */
  private part(heading: string, graphs: readonly IWidget[]): IWidget[] {
    return [new TextWidget({ markdown: `## ${heading}`, width: WIDTH, height: 1 }), ...graphs];
  }

  private productWidgets(): IWidget[] {
    return [
      this.graph('Requests to models', [CatalogMetric.BEDROCK_INVOCATION_COUNT.metric(this)]),
      this.latency(),
      this.errors(),
      this.graph('Throttled attempts and fallbacks', [
        CatalogMetric.BEDROCK_THROTTLING_COUNT.metric(this), CatalogMetric.BEDROCK_REGION_FALLBACK_COUNT.metric(this),
      ]),
      this.tokens(),
      this.firstToken(),
      this.graph('Retrieved chunks and sessions', [
        CatalogMetric.RETRIEVAL_CHUNK_COUNT.metric(this), CatalogMetric.SESSION_COUNT.metric(this),
      ]),
      this.prompts(),
      this.graph('Presence gates and calls past the client', [
        CatalogMetric.PRESENCE_GATE_COUNT.metric(this), CatalogMetric.BEDROCK_BYPASS_COUNT.metric(this),
        CatalogMetric.BEDROCK_BYPASS_SCAN_COUNT.metric(this),
      ]),
    ];
  }

  private serviceWidgets(serviceName: string): IWidget[] {
    return [
      this.graph('Requests to models', [CatalogMetric.BEDROCK_INVOCATION_COUNT.metric(this, { serviceName })]),
      this.latency(serviceName),
      this.errors(serviceName),
      this.graph('Throttled attempts and fallbacks', [
        CatalogMetric.BEDROCK_THROTTLING_COUNT.metric(this, { serviceName }),
        CatalogMetric.BEDROCK_REGION_FALLBACK_COUNT.metric(this, { serviceName }),
      ]),
      this.tokens(serviceName),
      this.firstToken(serviceName),
      this.prompts(serviceName),
      this.graph('Why answers ended', STOP_REASONS.map(reason => this.endedBy(reason, serviceName))),
    ];
  }

  private endedBy(reason: string, serviceName: string): IMetric {
    const dimensions = { [CALL_USAGE.stopReason.dimension]: reason };
    return CatalogMetric.BEDROCK_STOP_REASON_COUNT.metric(this, { serviceName, dimensions }).with({ label: reason });
  }

  private latency(serviceName?: string): GraphWidget {
    return this.percentiles('Answers, in milliseconds', CatalogMetric.LATENCY_END_TO_END_MS, serviceName);
  }

  private firstToken(serviceName?: string): GraphWidget {
    return this.percentiles('First token of a stream, in milliseconds', CatalogMetric.BEDROCK_TIME_TO_FIRST_TOKEN_MS, serviceName);
  }

  private percentiles(title: string, metric: CatalogMetric, serviceName?: string): GraphWidget {
    return this.graph(title, PERCENTILES.map(statistic => metric.metric(this, { serviceName, statistic }).with({ label: statistic })));
  }

  private errors(serviceName?: string): GraphWidget {
    return this.graph('Errors by code', Object.keys(ERROR_CODES.codes).map(code =>
      CatalogMetric.ERROR_COUNT.metric(this, { serviceName, dimensions: { error_code: code } }).with({ label: code })), true);
  }

  private tokens(serviceName?: string): GraphWidget {
    return this.graph('Tokens', [
      CatalogMetric.BEDROCK_INPUT_TOKEN_COUNT, CatalogMetric.BEDROCK_OUTPUT_TOKEN_COUNT,
      CatalogMetric.BEDROCK_CACHE_READ_TOKEN_COUNT, CatalogMetric.BEDROCK_CACHE_WRITE_TOKEN_COUNT,
    ].map(metric => metric.metric(this, { serviceName })));
  }

  private prompts(serviceName?: string): GraphWidget {
    return this.graph('Prompts that were not those of the registry, or none', [
      CatalogMetric.PROMPT_INTEGRITY_FAILURE_COUNT, CatalogMetric.PROMPT_UNAVAILABLE_COUNT,
      CatalogMetric.PROMPT_STALE_COUNT, CatalogMetric.PROMPT_BUNDLED_COUNT,
    ].map(metric => metric.metric(this, { serviceName })));
  }

  private graph(title: string, left: IMetric[], stacked = false): GraphWidget {
    return new GraphWidget({ title, left, stacked, width: A_THIRD, height: 6 });
  }
}

/** By search: which models an account calls is known at run time only. */
function nativeWidgets(): IWidget[] {
  const { periodSeconds } = METRIC_CATALOG.missingAlarm;
  const found = (name: string, statistic: string): IMetric => new MathExpression({
    expression: `SEARCH('{AWS/Bedrock,ModelId} MetricName="${name}"', '${statistic}', ${periodSeconds})`,
    label: '',
  });
  const graph = (title: string, left: IMetric[]): GraphWidget => new GraphWidget({ title, left, width: A_THIRD, height: 6 });
  return [
    graph('Requests by model', [found('Invocations', 'Sum')]),
    graph('Latency by model, p99 in milliseconds', [found('InvocationLatency', 'p99')]),
    graph('Throttled, refused and failed by model', [
      found('InvocationThrottles', 'Sum'), found('InvocationClientErrors', 'Sum'), found('InvocationServerErrors', 'Sum'),
    ]),
  ];
}

function requireOnce(scope: Construct, services: readonly string[]): void {
  const twice = services.filter((service, index) => services.indexOf(service) !== index);
  if (twice.length === 0) return;
  throw teachingError(scope, {
    problem: 'A service has one part of the dashboard',
    given: twice,
    allowed: 'each service once',
    fix: 'remove the second mention from services',
  });
}

function requireRoom(scope: Construct, widgets: readonly IWidget[]): void {
  if (widgets.length <= MOST_WIDGETS) return;
  throw teachingError(scope, {
    problem: 'CloudWatch takes no dashboard of so many widgets',
    given: widgets.length,
    allowed: `${MOST_WIDGETS} widgets`,
    fix: 'make several dashboards, each with some of the services and a dashboardName of its own',
  });
}
