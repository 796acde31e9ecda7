import { type MessageAttributeValue, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Finding, Served } from './findings';
import { PROMPT_REGISTRY } from '../../../src/contract/data';
import { CALL_OPTIONS } from '../sdk/call-options';

const {
  alertPriority: PRIORITY, maxNotifications: MAX_NOTIFICATIONS, maxLinesPerNotification: MAX_LINES, everyEnvironment: EVERY,
} = PROMPT_REGISTRY.driftAudit;
/** What SNS takes of a subject. */
const MAX_SUBJECT = 100;

/** A prompt with all that was found of it, and what is served of it. */
interface Divergence {
  readonly prompt: string;
  readonly findings: readonly Finding[];
  readonly served: readonly Served[];
}

/** One notification a diverged prompt, and one for all that are too many. Returns which could not be sent. */
export async function notify(topicArn: string, findings: readonly Finding[], served: readonly Served[], where: string): Promise<string[]> {
  // A topic may be in another Region than the registry.
  const sns = new SNSClient({ ...CALL_OPTIONS, region: topicArn.split(':')[3] });
  const diverged = divergences(findings, served);
  const told = diverged.slice(0, MAX_NOTIFICATIONS).map(one => ({ name: one.prompt, subject: subjectOf(one), text: textOf(one, where) }));
  const more = diverged.slice(MAX_NOTIFICATIONS);
  const rest = `${more.length} more prompts`;
  if (more.length > 0) told.push({ name: rest, subject: `${rest} diverged`, text: restOf(more, where) });
  const problems: string[] = [];
  for (const { name, subject, text } of told) {
    try {
      await sns.send(new PublishCommand({
        TopicArn: topicArn,
        Subject: `[${PRIORITY}] [${where}] ${subject}`.replace(/[^\x20-\x7e]/g, '?').slice(0, MAX_SUBJECT),
        Message: text,
        MessageAttributes: { priority: textAttribute(PRIORITY), prompt_id: textAttribute(name) },
      }));
    } catch (error) {
      problems.push(`nobody was told of ${name}: ${(error as Error).name}`);
    }
  }
  return problems;
}

function textAttribute(StringValue: string): MessageAttributeValue {
  return { DataType: 'String', StringValue };
}

function divergences(findings: readonly Finding[], served: readonly Served[]): Divergence[] {
  return [...new Set(findings.map(({ prompt_id }) => prompt_id))].sort().map(prompt => ({
    prompt,
    findings: findings.filter(({ prompt_id }) => prompt_id === prompt),
    served: served.filter(({ prompt_id }) => prompt_id === prompt),
  }));
}

function subjectOf({ prompt, findings }: Divergence): string {
  const environments = [...new Set(findings.map(({ environment }) => environment))].map(environmentText);
  return `${prompt} diverged: ${environments.join(', ')}`;
}

function textOf({ prompt, findings, served }: Divergence, where: string): string {
  const more = findings.length - MAX_LINES;
  return [
    `${where}: the prompt ${prompt} is not what the registry has published, signed and locked.`,
    'Services refuse what is not signed for their environment; find out who wrote it, before anything else is deployed.',
    '',
    ...findings.slice(0, MAX_LINES).flatMap(linesOf),
    ...more > 0 ? [`and ${more} more, all of them in the log of the audit`] : [],
    '',
    'What each environment serves, as the table says it:',
    ...served.map(servedLine),
    ...served.length === 0 ? ['- nothing'] : [],
    '',
    'Who wrote stands in the log group ForeignWriteLog of the registry. To mend it, roll back to a version that was active before, or '
    + 'promote the right one once more: plumbline prompts rollback, plumbline prompts promote.',
  ].join('\n');
}

function restOf(more: readonly Divergence[], where: string): string {
  return [
    `${where}: ${more.length} more prompts are not what the registry has published. Each is in the log of the audit.`,
    '',
    ...more.slice(0, MAX_LINES).map(({ prompt }) => `- ${prompt}`),
    ...more.length > MAX_LINES ? ['- …'] : [],
  ].join('\n');
}

function linesOf({ environment, code, message, active_hash, registry_hash }: Finding): string[] {
  return [
    `- ${environmentText(environment)}: ${message} (${code})`,
    `  there:    ${active_hash ?? 'unknown'}`,
    `  registry: ${registry_hash ?? 'unknown'}`,
  ];
}

function servedLine({ environment, version, template_hash, candidate_version, candidate_hash, candidate_percent }: Served): string {
  const candidate = candidate_version === undefined ? '' : `; ${candidate_percent} % ${candidate_version}, ${candidate_hash}`;
  return `- ${environment}: ${version}, ${template_hash}${candidate}`;
}

function environmentText(environment: string): string {
  return environment === EVERY ? 'every environment' : environment;
}
