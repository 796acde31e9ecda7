import { Template } from './local-template';

const ALARM = 'AWS::CloudWatch::Alarm';

/**
 * The alarms of a template that ring as long as nobody calls: those whose metrics have no data then, and that take missing data
 * for a breach. CloudWatch leaves any other alarm without data as it is, or calls it OK.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function alarmsOfIdleService({ Resources }: Template): string[] {
  return Object.entries(Resources)
    .filter(([, { Type, Properties }]) => Type === ALARM && Properties?.TreatMissingData === 'breaching')
    .map(([logicalId, { Properties }]) => String(Properties?.AlarmName ?? logicalId));
}
