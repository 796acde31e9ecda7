import { Stack, Token } from 'aws-cdk-lib';
import { ConcreteWidget, LogQueryVisualizationType, LogQueryWidget, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { IConstruct } from 'constructs';
import { CountedWidget, GRAPH_HEIGHT, GRAPH_WIDTH } from './dashboard-part';
import { serviceLogsBelow } from './service-logs';
import { RUNTIME_ENVIRONMENT } from '../contract/data';
import { Standards } from '../standards/standards';

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatchlogs-limits.html */
const MOST_LOG_GROUPS = 50;
const TITLE = 'Versions of prompts that were used';

/**
 * Which versions of which prompts a service sent, from the log lines of its calls: a widget for each Region of the log groups.
 *
 * Beside the groups given it looks into those of the service's functions in the dashboard's own stack. Those of other stacks are not
 * taken by themselves: a template that names them could not be deployed any more once they go.
 */
export function promptVersions(scope: IConstruct, serviceName: string, given: readonly ILogGroup[]): CountedWidget[] {
  const here = Stack.of(scope).region;
  const regionOf = ({ env: { region } }: ILogGroup): string => (Token.isUnresolved(region) ? here : region);
  return [...new Set([here, ...given.map(regionOf)])].map(region => ({
    widget: new PromptVersions(scope, { serviceName, region, given: given.filter(group => regionOf(group) === region) }),
    metrics: 0,
  }));
}

interface PromptVersionsOptions {
  readonly serviceName: string;
  readonly region: string;
  readonly given: readonly ILogGroup[];
}

/** Made when the template is: functions may come after the dashboard. */
class PromptVersions extends ConcreteWidget {
  constructor(private readonly scope: IConstruct, private readonly options: PromptVersionsOptions) {
    super(GRAPH_WIDTH, GRAPH_HEIGHT);
  }

  public toJson(): any[] {
    const groups = this.logGroupNames();
    const widget = groups.length > 0 ? this.query(groups) : this.nothing();
    widget.position(this.x!, this.y!);
    return widget.toJson();
  }

  private logGroupNames(): string[] {
    const { serviceName, region, given } = this.options;
    const stack = Stack.of(this.scope);
    const own = region === stack.region ? serviceLogsBelow(stack).filter(logs => logs.serviceName === serviceName) : [];
    return [...new Set([...own.map(({ logGroup }) => logGroup), ...given].map(({ logGroupName }) => logGroupName))];
  }

  private query(groups: readonly string[]): LogQueryWidget {
    const { serviceName, region } = this.options;
    return new LogQueryWidget({
      title: groups.length > MOST_LOG_GROUPS ? `${TITLE}, in ${MOST_LOG_GROUPS} of ${groups.length} log groups` : TITLE,
      logGroupNames: groups.slice(0, MOST_LOG_GROUPS),
      queryLines: [
        `filter event = "${RUNTIME_ENVIRONMENT.logEvents.bedrockCall}" and ispresent(prompt_id)`,
        `filter service_name = "${serviceName}" and environment = "${Standards.of(this.scope).environment}"`,
        'stats count(*) as calls, max(@timestamp) as last_call by prompt_id, prompt_version, template_hash',
        'sort prompt_id, last_call desc',
        'limit 100',
      ],
      view: LogQueryVisualizationType.TABLE,
      region,
      width: GRAPH_WIDTH,
      height: GRAPH_HEIGHT,
    });
  }

  private nothing(): TextWidget {
    return new TextWidget({
      markdown: `**${TITLE}**\n\nNo log group of ${this.options.serviceName} is known here: name it in logGroups of the dashboard.`,
      width: GRAPH_WIDTH,
      height: GRAPH_HEIGHT,
    });
  }
}
