import { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { IConstruct } from 'constructs';
import { CatalogMetric } from './catalog-metric';
import { CountedWidget, graph } from './dashboard-part';
import { CALL_USAGE, ERROR_CODES } from '../contract/data';

const PERCENTILES = ['p50', 'p90', 'p99'];
const STOP_REASONS: readonly string[] = [...Object.keys(CALL_USAGE.stopReason.reasons), CALL_USAGE.stopReason.unknown];

/** What the catalogue has of a service, or of the product without one. */
export function catalogGraphs(scope: IConstruct, serviceName?: string): CountedWidget[] {
  const all = (...metrics: readonly CatalogMetric[]): IMetric[] => metrics.map(metric => metric.metric(scope, { serviceName }));
  const percentiles = (metric: CatalogMetric): IMetric[] =>
    PERCENTILES.map(statistic => metric.metric(scope, { serviceName, statistic }).with({ label: statistic }));
  return [
    graph('Requests to models', all(CatalogMetric.BEDROCK_INVOCATION_COUNT)),
    graph('Answers, in milliseconds', percentiles(CatalogMetric.LATENCY_END_TO_END_MS)),
    graph('Errors by code', errorsOf(scope, serviceName), { stacked: true }),
    graph('Throttled attempts and fallbacks', all(CatalogMetric.BEDROCK_THROTTLING_COUNT, CatalogMetric.BEDROCK_REGION_FALLBACK_COUNT)),
    graph('Tokens', all(
      CatalogMetric.BEDROCK_INPUT_TOKEN_COUNT, CatalogMetric.BEDROCK_OUTPUT_TOKEN_COUNT,
      CatalogMetric.BEDROCK_CACHE_READ_TOKEN_COUNT, CatalogMetric.BEDROCK_CACHE_WRITE_TOKEN_COUNT,
    )),
    graph('First token of a stream, in milliseconds', percentiles(CatalogMetric.BEDROCK_TIME_TO_FIRST_TOKEN_MS)),
    graph('Requests to SageMaker endpoints', all(CatalogMetric.SAGE_MAKER_INVOCATION_COUNT, CatalogMetric.SAGE_MAKER_THROTTLING_COUNT)),
    graph('Prompts that were not those of the registry, or none', all(
      CatalogMetric.PROMPT_INTEGRITY_FAILURE_COUNT, CatalogMetric.PROMPT_UNAVAILABLE_COUNT,
      CatalogMetric.PROMPT_STALE_COUNT, CatalogMetric.PROMPT_BUNDLED_COUNT,
    )),
    ...serviceName === undefined ? ofProduct(all) : [graph('Why answers ended', stopReasonsOf(scope, serviceName))],
  ];
}

function ofProduct(all: (...metrics: readonly CatalogMetric[]) => IMetric[]): CountedWidget[] {
  return [
    graph('Retrieved chunks and sessions', all(CatalogMetric.RETRIEVAL_CHUNK_COUNT, CatalogMetric.SESSION_COUNT)),
    graph('Audits of the prompt registry', all(CatalogMetric.PROMPT_AUDIT_COUNT, CatalogMetric.PROMPT_DIVERGED_COUNT)),
    graph('Presence gates and calls past the client', all(
      CatalogMetric.PRESENCE_GATE_COUNT, CatalogMetric.BEDROCK_BYPASS_COUNT, CatalogMetric.BEDROCK_BYPASS_SCAN_COUNT,
    )),
  ];
}

function errorsOf(scope: IConstruct, serviceName: string | undefined): IMetric[] {
  return Object.keys(ERROR_CODES.codes).map(code =>
    CatalogMetric.ERROR_COUNT.metric(scope, { serviceName, dimensions: { error_code: code } }).with({ label: code }));
}

function stopReasonsOf(scope: IConstruct, serviceName: string): IMetric[] {
  return STOP_REASONS.map(reason => CatalogMetric.BEDROCK_STOP_REASON_COUNT
    .metric(scope, { serviceName, dimensions: { [CALL_USAGE.stopReason.dimension]: reason } }).with({ label: reason }));
}
