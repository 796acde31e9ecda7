import { AwsPromptStore } from '../../../../runtime/node/prompts/aws-store';
import type { PromptEvent, PromptLimits, PromptMetric, PromptPorts } from '../../../../runtime/node/prompts/ports';
import { StandardPrompts } from '../../../../runtime/node/prompts/standard-prompts';
import type { FakePromptRegistry } from '../../../support/prompt-registry/fake-prompt-registry';
import { KEY_ARN } from '../../../support/prompt-registry/signed-prompts';

/** The standard, made short enough for a test that waits for every limit. The times of the cache are those of a clock that tests turn. */
export const SHORT_LIMITS: PromptLimits = { freshMs: 60_000, maxStaleMs: 300_000, waitMs: 50, totalMs: 600, retryMs: 10_000 };

/** Everything that was told, and a clock that goes only when it is turned. */
export class TestPorts implements PromptPorts {
  public readonly lines: Record<string, unknown>[] = [];
  public readonly counts: [PromptMetric, number][] = [];
  public time = 1_800_000_000_000;
  public remainingMs = Infinity;

  public now(): number { return this.time; }
  public remainingTimeMs(): number { return this.remainingMs; }
  public log(_level: string, event: PromptEvent, fields: Record<string, unknown>): void { this.lines.push({ event, ...fields }); }
  public count(metric: PromptMetric, value: number): void { this.counts.push([metric, value]); }
  public pass(seconds: number): void { this.time += seconds * 1_000; }

  public counted(metric: PromptMetric): number {
    return this.counts.filter(([name]) => name === metric).reduce((sum, [, value]) => sum + value, 0);
  }
}

export interface TestPromptsOptions {
  readonly settings?: Record<string, unknown>;
  readonly env?: NodeJS.ProcessEnv;
}

/** Prompts as a function has them, with the SDK's clients against a fake, and their ports. */
export function testPrompts(
  { url }: FakePromptRegistry, { settings = {}, env = {} }: TestPromptsOptions = {},
): { readonly prompts: StandardPrompts; readonly ports: TestPorts } {
  Object.assign(process.env, { AWS_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' });
  const ports = new TestPorts();
  const places = { bucket: 'registry', table: 'registry', key: KEY_ARN, region: 'us-east-1' };
  const told = { ...places, environment: 'prod', prompts: { greeting: {} }, ...settings };
  const prompts = new StandardPrompts({
    env: { PLUMBLINE_PROMPTS: JSON.stringify(told), ...env },
    ports,
    limits: SHORT_LIMITS,
    storeOf: given => new AwsPromptStore(given),
  });
  return { prompts, ports };
}
