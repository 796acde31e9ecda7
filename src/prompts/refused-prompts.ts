import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { CatalogMetric } from '../observability/catalog-metric';
import { standardAlarm } from '../observability/standard-alarm';

const WATCHED = [
  {
    metric: CatalogMetric.PROMPT_INTEGRITY_FAILURE_COUNT,
    kind: 'PromptIntegrityFailureCount',
    what: 'refused a prompt that is not what was signed',
  },
  { metric: CatalogMetric.PROMPT_UNAVAILABLE_COUNT, kind: 'PromptUnavailableCount', what: 'had no prompt that may be served' },
] as const;

/** Alarms on prompts that services refuse, in each environment. */
export function alarmOnRefusedPrompts(scope: Construct, environments: readonly string[]): Alarm[] {
  return environments.flatMap(environment => WATCHED.map(({ metric, kind, what }) => standardAlarm(scope, `${kind}-${environment}`, {
    kind,
    nameParts: [environment, kind],
    rings: `A service of the environment ${environment} ${what}.`,
    metric: metric.metric(scope).with({ dimensionsMap: { environment } }),
    threshold: 0,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  })));
}
