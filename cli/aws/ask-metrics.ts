import {
  CloudWatchClient, DescribeAlarmsCommand, GetDashboardCommand, ListDashboardsCommand, ListMetricsCommand, MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { Asker, pagesOf } from './pages';

/** Most that CloudWatch gives at once. */
const ALARMS_A_PAGE = 100;

/** Whom to ask. */
export interface MetricsQuestion {
  readonly region: string;
  /** A profile of the shared AWS configuration. */
  readonly profile?: string;
  /** How often a request is tried that AWS throttles. */
  readonly attempts: number;
}

/** What a Region of an account has of metrics, and of what reads them, page by page. */
export class AccountMetrics {
  private readonly client: CloudWatchClient;

  constructor({ region, profile, attempts }: MetricsQuestion, private readonly asker: Asker) {
    this.client = new CloudWatchClient({ region, maxAttempts: attempts, retryMode: 'standard', ...profile !== undefined && { profile } });
  }

  /** Those with data in the last two weeks, or in the last three hours. */
  public async* metrics(isRecent: boolean): AsyncGenerator<{ readonly namespace: string; readonly name: string }[]> {
    const ask = (NextToken?: string) =>
      this.client.send(new ListMetricsCommand({ NextToken, ...isRecent && { RecentlyActive: 'PT3H' } }));
    for await (const { Metrics = [] } of pagesOf('ListMetrics', this.asker, ask, ({ NextToken }) => NextToken)) {
      yield Metrics.flatMap(({ Namespace, MetricName }) =>
        (Namespace !== undefined && MetricName !== undefined ? [{ namespace: Namespace, name: MetricName }] : []));
    }
  }

  public async* alarms(): AsyncGenerator<MetricAlarm[]> {
    const ask = (NextToken?: string) => this.client.send(new DescribeAlarmsCommand({
      NextToken, MaxRecords: ALARMS_A_PAGE, AlarmTypes: ['MetricAlarm'],
    }));
    for await (const page of pagesOf('DescribeAlarms', this.asker, ask, ({ NextToken }) => NextToken)) yield page.MetricAlarms ?? [];
  }

  public async* dashboards(): AsyncGenerator<string[]> {
    const ask = (NextToken?: string) => this.client.send(new ListDashboardsCommand({ NextToken }));
    for await (const { DashboardEntries = [] } of pagesOf('ListDashboards', this.asker, ask, ({ NextToken }) => NextToken)) {
      yield DashboardEntries.flatMap(({ DashboardName }) => DashboardName ?? []);
    }
  }

  public async dashboardBody(DashboardName: string): Promise<string> {
    const answer = await this.asker('GetDashboard', () => this.client.send(new GetDashboardCommand({ DashboardName })));
    return answer.DashboardBody ?? '';
  }

  public close(): void {
    this.client.destroy();
  }
}
