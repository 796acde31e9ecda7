import type { ClientPolicy } from './client-policy';
import { usageError } from './usage-error';

/** How long an answer may take, by task type. */
export class TaskTypes {
  private readTimeouts: Readonly<Record<string, number>>;

  public constructor(private readonly policy: ClientPolicy) {
    this.readTimeouts = policy.readTimeoutMs;
  }

  public check(taskType: string): void {
    if (Object.hasOwn(this.policy.readTimeoutMs, taskType)) return;
    throw usageError('BedrockClientFactory.create', {
      problem: 'the task type is not in the standard',
      given: taskType,
      allowed: Object.keys(this.policy.readTimeoutMs).map(name => `"${name}"`).join(', '),
      fix: 'take the one whose read timeout fits, or have a new task type added to contract/client-policy.json',
    });
  }

  public readTimeoutMs(taskType: string): number {
    return this.readTimeouts[taskType];
  }
}
