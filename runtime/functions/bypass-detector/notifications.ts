import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Bypass, Finding } from './findings';
import { OPERATIONS } from '../../../src/contract/data';
import { CALL_OPTIONS } from '../sdk/call-options';

const sns = new SNSClient(CALL_OPTIONS);

const { maxLinesPerNotification: MAX_LINES, maxNotifications: MAX_NOTIFICATIONS, unknownService: UNKNOWN } = OPERATIONS.bypassDetection;
/** What SNS takes of a subject. */
const MAX_SUBJECT = 100;

/** One notification a service. Returns which could not be sent. */
export async function notify(topicArn: string, findings: readonly Finding[], where: string): Promise<string[]> {
  const problems: string[] = [];
  for (const finding of findings.slice(0, MAX_NOTIFICATIONS)) {
    try {
      await sns.send(new PublishCommand({ TopicArn: topicArn, Subject: subjectOf(finding, where), Message: textOf(finding, where) }));
    } catch (error) {
      problems.push(`nobody was told of ${finding.service}: ${(error as Error).name}`);
    }
  }
  return problems;
}

function subjectOf({ service, calls }: Finding, where: string): string {
  return `[${where}] ${service}: ${calls} calls to Bedrock past the standard`.replace(/[^\x20-\x7e]/g, '?').slice(0, MAX_SUBJECT);
}

export function textOf({ service, calls, bypasses }: Finding, where: string): string {
  const more = bypasses.length - MAX_LINES;
  return [
    service === UNKNOWN
      ? `${where}: callers of no known service made ${calls} calls to Amazon Bedrock past the client of the standard.`
      : `${where}: the service ${service} made ${calls} calls to Amazon Bedrock past the client of the standard.`,
    'Such a call has no enforced time-out, no retry budget and no metric; it can hang for ever, and nobody sees it.',
    '',
    ...bypasses.slice(0, MAX_LINES).map(lineOf),
    ...more > 0 ? [`and ${more} more, all of them in the log of the detector`] : [],
    '',
    'To mend it, make the client with BedrockClientFactory.create (Python: BedrockClientFactory.create of plumbline). '
    + 'What has to stay for a while goes into the exceptions of the FactoryBypassDetector, with a reason and a last day.',
  ].join('\n');
}

function lineOf({ calls, first, last, evidence }: Bypass): string {
  return `- ${calls} x ${evidence}${first && last ? `, from ${first} to ${last}` : ''}`;
}
