import { requireRuleInput } from '../sdk/rule-input';

/** What the construct tells the function each day. */
export interface AuditInput {
  /** The service_name of the count of audits. */
  readonly audit: string;
  readonly bucket: string;
  readonly table: string;
  /** The ARN of the key that signs. */
  readonly signingKey: string;
  readonly eventBus: string;
  /** In the order of promotion. */
  readonly environments: readonly string[];
  /** The template hashes of the copies that functions have in their code, by environment and prompt. */
  readonly bundled: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** Where each diverged prompt is told of. */
  readonly topicArn?: string;
}

const NEEDED = ['audit', 'bucket', 'table', 'signingKey', 'eventBus', 'environments', 'bundled'] as const;

export function requireInput(event: unknown): AuditInput {
  return requireRuleInput<AuditInput>(event, NEEDED, 'the registry');
}
