import { LocalApi, LocalRequest } from './local-api';

/** What CloudWatch has in a Region of an account. */
export interface RegionMetrics {
  readonly metrics?: readonly { readonly Namespace: string; readonly MetricName: string; readonly isOld?: boolean }[];
  readonly alarms?: readonly { readonly AlarmName: string; readonly Namespace?: string; readonly MetricName?: string }[];
}

const PAGE = 2;

/** A server that speaks what `plumbline metrics audit --account` asks of CloudWatch, in pages of two. */
export class CloudWatchApi extends LocalApi {
  constructor(private readonly regions: Record<string, RegionMetrics>, private readonly dashboards: Record<string, string>) {
    super('CLOUDWATCH');
  }

  protected operationOf({ target }: LocalRequest): string {
    return target.split('.')[1];
  }

  protected answerTo({ operation, region, body }: LocalRequest & { readonly operation: string }): object | undefined {
    const { metrics = [], alarms = [] } = this.regions[region];
    const from = Number(body.NextToken ?? 0);
    const paged = (name: string, all: readonly object[]): object =>
      ({ [name]: all.slice(from, from + PAGE), ...from + PAGE < all.length && { NextToken: this.tokenOf(from + PAGE) } });
    switch (operation) {
      case 'ListMetrics': return paged('Metrics', metrics.filter(({ isOld }) => body.RecentlyActive !== 'PT3H' || !isOld));
      case 'DescribeAlarms': return paged('MetricAlarms', alarms);
      case 'ListDashboards': return paged('DashboardEntries', Object.keys(this.dashboards).map(DashboardName => ({ DashboardName })));
      case 'GetDashboard': return { DashboardName: body.DashboardName, DashboardBody: this.dashboards[String(body.DashboardName)] };
      default: return undefined;
    }
  }
}
