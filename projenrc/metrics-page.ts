import { Project, TextFile } from 'projen';
import { contractData, MetricOfContract } from './contract-data';

const INTRODUCTION = `
# Metrics

What every service emits under the same names. The runtimes emit a datum under its dimension set and under each roll-up: CloudWatch adds
nothing up by itself, and an alarm sees only the exact set it names. \`CatalogMetric.ERROR_COUNT.metric(scope, { serviceName: 'chat' })\`
reads only what is emitted; another set is an error.

## Metrics of a team's own

Any name, no approval; the namespace is \`{product}/{area}\`. One declaration serves alarms, functions and
\`plumbline metrics lint\`:

\`\`\`ts
const ORDERS = CatalogMetric.team('OrderCount', {
  area: 'Checkout', owner: 'checkout-team', description: 'Orders placed from an answer.', freshness: Duration.minutes(15),
});
Standards.apply(app, { product: 'MangaAssist', environment: 'prod', teamMetrics: [ORDERS] });
new MissingMetricAlarm(stack, 'NoOrders', { metric: ORDERS, serviceName: 'chat' }); // silent for twice its freshness
\`\`\`

In a function: \`emitMetric('Checkout.OrderCount', 1)\`, in Python \`emit_metric(TeamMetricId("Checkout.OrderCount"), 1)\`. Without
\`dimensionSets\` it is emitted under \`[service_name, environment]\` and \`[environment]\`. The functions learn of the metrics by one
of their variables, which has room for about 80. In a container set \`PLUMBLINE_TEAM_METRICS\` to the same list:
\`[{"id":"Checkout.OrderCount"}]\`.

## Adding a metric to the catalogue

One entry in \`contract/metric-catalog.json\` and one case in \`contract/vectors/metric-blobs.json\`, then \`npx projen\`: it writes
this page, \`CatalogMetric\`, and the types of both runtimes. The case is replayed by both runtimes.

The texts below are those of contract/metric-catalog.json.`;

const TIERS = {
  mandatory: 'Mandatory: every service, where it applies.',
  optional: 'Optional: where there is something to tell.',
  adoption: 'While a service comes to the standard.',
};
const EMITTED_BY = {
  client: 'the client of `BedrockClientFactory`, for each call',
  handler: 'the handler of the layer, for each invocation',
  prompts: '`getPrompt`',
  function: 'one of the library\'s own functions',
  service: 'the code of a service, by `emitMetric`',
};

/** The page of the catalogue. */
export class MetricsPage extends TextFile {
  constructor(project: Project) {
    super(project, 'docs/metrics.md', { committed: true, readonly: true });
    const { METRIC_CATALOG } = contractData(project.outdir);
    this.addLine(`<!-- ${this.marker} -->`);
    this.addLine(INTRODUCTION.trimStart());
    for (const metric of METRIC_CATALOG.metrics) this.addLine(`\n${section(metric, METRIC_CATALOG.missingAlarm.evaluationPeriods)}`);
    this.addLine('');
  }
}

function section(metric: MetricOfContract, late: number): string {
  const silence = metric.zeroIsFault
    ? `a fault: \`MissingMetricAlarm\` rings after ${late} times the freshness`
    : 'good news, or nothing to tell';
  const values = Object.entries(metric.dimensionValues ?? {})
    .map(([name, allowed]) => [`values of ${code(name)}`, allowed.map(code).join(', ')]);
  const rows = [
    ['namespace and name', code(`{product}/${metric.area} ${metric.name}`)],
    ['constant', code(`CatalogMetric.${metric.constant}`)],
    ['unit', metric.unit],
    ['tier', TIERS[metric.tier]],
    ['dimensions', set(metric.dimensions)],
    ...values,
    ['roll-ups', metric.rollups.map(set).join(', ')],
    ['emitted by', EMITTED_BY[metric.emittedBy]],
    ['owner', metric.owner],
    ['freshness', `${metric.freshnessSeconds} s`],
    ['silence', silence],
  ];
  return [`## ${metric.id}`, '', metric.description, '', '| | |', '|---|---|', ...rows.map(row => `| ${row.join(' | ')} |`)].join('\n');
}

function set(names: readonly string[]): string {
  return code(`[${names.join(', ')}]`);
}

function code(text: string): string {
  return `\`${text}\``;
}
