import { AlarmTemplate } from './alarms';
import { metricsReadBy, ReadMetric } from './read-metrics';
import { CALL_USAGE, ERROR_CODES } from '../../../src/contract/data';
import { METRICS } from '../../../src/contract/metric-entry';
import { ITeamMetric } from '../../../src/standards/team-metric';

type Sets = readonly (readonly string[])[];

/** What AWS emits of itself, as far as anything here reads it. */
const OF_AWS: Readonly<Record<string, {
  readonly names: readonly string[];
  readonly sets: Sets;
  /** Names with other sets of their own. */
  readonly others?: Readonly<Record<string, Sets>>;
}>> = {
  /** @see https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring.html */
  'AWS/Bedrock': {
    names: [
      'Invocations', 'InvocationLatency', 'InvocationClientErrors', 'InvocationServerErrors', 'InvocationThrottles',
      'InputTokenCount', 'OutputTokenCount', 'OutputImageCount',
    ],
    sets: [[], ['ModelId'], ['ModelId', 'ImageSize', 'BucketedStepSize']],
  },
  /**
   * Of endpoints in real time, and of asynchronous ones.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html
   */
  'AWS/SageMaker': {
    names: [
      'Invocations', 'InvocationsPerInstance', 'Invocation4XXErrors', 'Invocation5XXErrors', 'InvocationModelErrors',
      'ModelLatency', 'OverheadLatency', 'ModelSetupTime',
      'RequestDownloadFailures', 'ResponseUploadFailures', 'NotificationFailures', 'RequestDownloadLatency', 'ResponseUploadLatency',
      'ExpiredRequests', 'InvocationFailures', 'TimeInBacklog', 'TotalProcessingTime',
    ],
    sets: [['EndpointName', 'VariantName']],
    others: {
      ApproximateBacklogSize: [['EndpointName']],
      ApproximateBacklogSizePerInstance: [['EndpointName']],
      ApproximateAgeOfOldestRequest: [['EndpointName']],
      HasBacklogWithoutCapacity: [['EndpointName']],
    },
  },
  '/aws/sagemaker/Endpoints': {
    names: ['CPUUtilization', 'MemoryUtilization', 'GPUUtilization', 'GPUMemoryUtilization', 'DiskUtilization'],
    sets: [['EndpointName', 'VariantName']],
  },
  /** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
  'AWS/SQS': { names: ['ApproximateNumberOfMessagesVisible', 'ApproximateAgeOfOldestMessage'], sets: [['QueueName']] },
  /** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html */
  'AWS/Events': { names: ['TriggeredRules', 'Invocations', 'FailedInvocations'], sets: [['RuleName'], ['EventBusName', 'RuleName']] },
};

/** The values that a dimension can have, where it is a closed set. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  error_code: Object.keys(ERROR_CODES.codes),
  [CALL_USAGE.stopReason.dimension]: [...Object.keys(CALL_USAGE.stopReason.reasons), CALL_USAGE.stopReason.unknown],
};

/**
 * Whatever a product's templates read of metrics that nobody emits under just these dimensions, one line each.
 *
 * That both runtimes emit the sets of the catalogue, each of them and no other, is what their tests of metrics show entry by entry.
 */
export function findUnemitted(
  templates: readonly AlarmTemplate[], product: string, environments: readonly string[], teamMetrics: readonly ITeamMetric[] = [],
): string[] {
  const filtered = new Set(templates.flatMap(metricsOfFilters));
  return templates.flatMap(metricsReadBy).flatMap(read => {
    const isFiltered = filtered.has(`${read.namespace} ${read.name}`) && Object.keys(read.dimensions).length === 0;
    const problem = isFiltered ? undefined : tryProblem(read, product, environments, teamMetrics);
    const { where, namespace, name, dimensions } = read;
    return problem === undefined ? [] : [`${where}: ${namespace} ${name} [${Object.keys(dimensions).join()}] ${problem}`];
  });
}

function metricsOfFilters({ Resources }: AlarmTemplate): string[] {
  return Object.values(Resources).filter(({ Type }) => Type === 'AWS::Logs::MetricFilter').flatMap(({ Properties }) =>
    (Properties as { MetricTransformations: { MetricNamespace: string; MetricName: string }[] }).MetricTransformations
      .map(({ MetricNamespace, MetricName }) => `${MetricNamespace} ${MetricName}`));
}

function tryProblem(
  { namespace, name, dimensions }: ReadMetric, product: string, environments: readonly string[], teamMetrics: readonly ITeamMetric[],
): string | undefined {
  const known = OF_AWS[namespace];
  const names = Object.keys(dimensions);
  if (known) {
    const sets = known.others?.[name] ?? (known.names.includes(name) ? known.sets : []);
    return sets.some(set => isSame(set, names)) ? undefined : 'is not emitted by AWS';
  }
  const own = teamMetrics.find(one => `${product}/${one.area}` === namespace && one.metricName === name);
  if (own) return own.dimensionSets.some(set => isSame(set, names)) ? undefined : 'is never emitted with these dimensions';
  const entry = METRICS.find(one => `${product}/${one.area}` === namespace && one.name === name);
  if (!entry) return 'is no metric of the catalogue';
  if (![entry.dimensions, ...entry.rollups].some(set => isSame(set, names))) return 'is never emitted with these dimensions';
  const closed: Record<string, readonly string[]> = { ...VALUES, ...entry.dimensionValues, environment: environments };
  const isWrong = (of: string, value = closed[of]?.[0]): boolean => Object.hasOwn(closed, of) && !closed[of].includes(value);
  const wrong = Object.entries(dimensions).find(([of, value]) => isWrong(of, value));
  return wrong && `is never emitted with ${wrong.join(' = ')}`;
}

function isSame(set: readonly string[], names: readonly string[]): boolean {
  return set.length === names.length && names.every(name => set.includes(name));
}
