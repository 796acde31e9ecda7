import { Token } from 'aws-cdk-lib';
import { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { IEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { costGraphs, PricedModel, requirePrices } from './cost-graph';
import { CountedWidget, DashboardPart, pagesOf } from './dashboard-part';
import { endpointPart } from './endpoint-part';
import { nativePart } from './native-part';
import { promptVersions } from './prompt-versions';
import { catalogGraphs } from './service-part';
import { silenceGraph } from './silence-graph';
import { teamGraphs } from './team-graphs';
import { TokenPrice } from './token-price';
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
   * The endpoints that have a part of their own, in this order: a `GenAiEndpoint`, or any other that the CDK takes for one. That of
   * another Region needs `crossRegionReferences` of both stacks.
   *
   * @default - none
   */
  readonly endpoints?: IEndpoint[];

  /**
   * The models whose cost is estimated from their tokens, as callers name them: ids, inference profiles, ARNs. Only the input, output and
   * cache tokens of requests through the client of the standard are in it, at on-demand prices of us-east-1 without discounts: an
   * estimate, and no bill.
   *
   * @default - none: no estimate
   * @see https://aws.amazon.com/bedrock/pricing/
   */
  readonly models?: string[];

  /**
   * What tokens of some of the `models` cost you, instead of the prices of the standard.
   *
   * @default - prices of the standard, which are those of a day that the graph names
   */
  readonly tokenPrices?: TokenPrice[];

  /**
   * Where services write their logs, from which the versions of prompts are read: of tasks, and of functions in other stacks. A log
   * group can be that of several services.
   *
   * @default - the log groups of those functions of a service that are in the dashboard's own stack
   */
  readonly logGroups?: ILogGroup[];

  /**
   * The Regions whose own figures of Amazon Bedrock are shown, such as the one that requests fall back to.
   *
   * @default - the dashboard's own Region
   */
  readonly bedrockRegions?: string[];

  /**
   * The dashboard's name: letters, digits, `-` and `_`. Names of dashboards are unique in an account, whatever the Region.
   *
   * @default - in production `{product}-Dashboard`, elsewhere `{product}-{environment}-Dashboard`
   */
  readonly dashboardName?: string;
}

/**
 * The product, and each service named, as the catalogue has them: requests, latency, errors by code, throttling and fallbacks, tokens,
 * the time to the first token, why answers ended, which versions of prompts were sent, prompts that could not be served as they should,
 * an estimate of the cost, silence, and the metrics of the teams' own. Beside them is what Amazon Bedrock and SageMaker count themselves.
 *
 * Every graph reads a dimension set that the runtimes emit, so none stays empty for a name that drifted. What one dashboard has no room
 * for stands in a second one, whose name ends with `-2`.
 *
 * Errors: a service, an endpoint or a model twice; a model without a price; no standards above the construct.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Dashboards.html
 */
export class StandardDashboard extends Construct {
  /** The dashboard, for widgets of your own: the first one. */
  public readonly dashboard: Dashboard;
  /** All of them: CloudWatch takes 500 widgets and 2,500 metrics in one. */
  public readonly dashboards: Dashboard[];

  constructor(scope: Construct, id: string, props: StandardDashboardProps = {}) {
    super(scope, id);
    const { services = [], endpoints = [], models = [], tokenPrices = [], bedrockRegions = [] } = props;
    const standards = Standards.of(this);
    requireOnce(this, 'service', services);
    requireOnce(this, 'endpoint', endpoints.map(({ node }) => node.path));
    requireOnce(this, 'Region', bedrockRegions);
    const priced = requirePrices(this, models, tokenPrices);
    const pages = pagesOf([
      { heading: `${standards.product}, ${standards.environment}`, widgets: this.widgets(priced) },
      ...(bedrockRegions.length > 0 ? bedrockRegions : [undefined]).map(nativePart),
      ...services.map(service => this.servicePart(service, priced, props.logGroups ?? [])),
      ...endpoints.map(endpoint => endpointPart(this, endpoint)),
    ]);
    const name = props.dashboardName ?? physicalName(standards, 'Dashboard');
    this.dashboards = pages.map((widgets, index) => {
      const suffix = index === 0 ? '' : `-${index + 1}`;
      const dashboard = new Dashboard(this, `Dashboard${suffix}`, { dashboardName: `${name}${suffix}` });
      dashboard.addWidgets(...widgets);
      return dashboard;
    });
    [this.dashboard] = this.dashboards;
  }

  private servicePart(serviceName: string, priced: readonly PricedModel[], logGroups: readonly ILogGroup[]): DashboardPart {
    return { heading: serviceName, widgets: [...this.widgets(priced, serviceName), ...promptVersions(this, serviceName, logGroups)] };
  }

  private widgets(priced: readonly PricedModel[], serviceName?: string): CountedWidget[] {
    return [
      ...catalogGraphs(this, serviceName),
      silenceGraph(this, serviceName),
      ...costGraphs(this, priced, serviceName),
      ...teamGraphs(this, serviceName),
    ];
  }
}

function requireOnce(scope: Construct, what: string, names: readonly string[]): void {
  const twice = names.filter((name, index) => !Token.isUnresolved(name) && names.indexOf(name) !== index);
  if (twice.length === 0) return;
  throw teachingError(scope, {
    problem: `One ${what} has one part of the dashboard`,
    given: twice,
    allowed: `each ${what} once`,
    fix: 'remove the second mention',
  });
}
