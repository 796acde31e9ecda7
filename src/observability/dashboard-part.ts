import { GraphWidget, IMetric, IWidget, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';

const WIDTH = 24;
/** Graphs stand three in a row. */
export const GRAPH_WIDTH = WIDTH / 3;
export const GRAPH_HEIGHT = 6;

/**
 * Quotas that AWS does not raise; the metrics of formulas count too.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
 */
const MOST_WIDGETS = 500;
const MOST_METRICS = 2500;

/** A widget, and how many metrics it reads, those of formulas too. */
export interface CountedWidget {
  readonly widget: IWidget;
  readonly metrics: number;
}

/** What stands under one heading of a dashboard. */
export interface DashboardPart {
  readonly heading: string;
  readonly widgets: readonly CountedWidget[];
}

export interface GraphOptions {
  readonly stacked?: boolean;
  /** Where the metrics are; the Region of the dashboard's stack without. */
  readonly region?: string;
}

export function graph(title: string, left: readonly IMetric[], { stacked = false, region }: GraphOptions = {}): CountedWidget {
  const widget = new GraphWidget({ title, left: [...left], stacked, region, width: GRAPH_WIDTH, height: GRAPH_HEIGHT });
  return { widget, metrics: left.reduce((sum, metric) => sum + metricsIn(metric), 0) };
}

function metricsIn(metric: IMetric): number {
  const { mathExpression } = metric.toMetricConfig();
  return 1 + Object.values(mathExpression?.usingMetrics ?? {}).reduce((sum, used) => sum + metricsIn(used), 0);
}

/** The widgets of as many dashboards as CloudWatch's limits ask for; no part is torn. A search counts as one metric. */
export function pagesOf(parts: readonly DashboardPart[]): IWidget[][] {
  const pages: { widgets: IWidget[]; metrics: number }[] = [];
  for (const { heading, widgets } of parts) {
    const metrics = widgets.reduce((sum, one) => sum + one.metrics, 0);
    // CloudWatch puts what does not fit beside the others into the next row.
    const all = [new TextWidget({ markdown: `## ${heading}`, width: WIDTH, height: 1 }), ...widgets.map(({ widget }) => widget)];
    const last = pages[pages.length - 1];
    if (last && last.widgets.length + all.length <= MOST_WIDGETS && last.metrics + metrics <= MOST_METRICS) {
      last.widgets.push(...all);
      last.metrics += metrics;
    } else {
      pages.push({ widgets: all, metrics });
    }
  }
  return pages.map(({ widgets }) => widgets);
}
