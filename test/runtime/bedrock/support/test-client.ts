import type { BedrockRuntime, BedrockRuntimeClientConfig } from '@aws-sdk/client-bedrock-runtime';
import { bedrockClient } from '../../../../runtime/node/bedrock/client/bedrock-client';
import { ClientPolicy, STANDARD_POLICY } from '../../../../runtime/node/bedrock/client/client-policy';
import type { RegionalTwins } from '../../../../runtime/node/bedrock/client/model-route';
import type { BedrockPorts } from '../../../../runtime/node/bedrock/client/ports';

export const MODEL = 'anthropic.claude-3-haiku-20240307-v1:0';
export const PRIMARY = 'us-east-1';
export const FALLBACK = 'us-west-2';
export const TASK_TYPE = 'classification';
export const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

/** The standard, made short enough for a test that waits for every limit. */
export const SHORT_POLICY: ClientPolicy = {
  ...STANDARD_POLICY,
  connectTimeoutMs: 300,
  readTimeoutMs: { default: 500, [TASK_TYPE]: 500 },
  maxRetryWaitMs: 300,
  circuit: { fallbacksToOpen: 3, openMs: 1_000 },
  bidirectionalInactivityMs: 600,
};

/** Everything the client told, by port. */
export class RecordingPorts implements BedrockPorts {
  public readonly calls: Record<string, unknown>[] = [];
  public readonly fallbacks: Record<string, unknown>[] = [];
  public readonly warnings: Record<string, unknown>[] = [];
  public readonly invocations: object[] = [];
  public readonly throttlings: object[] = [];
  public readonly fallbackCounts: Record<string, unknown>[] = [];
  public readonly streams: Record<string, unknown>[] = [];
  public readonly usages: Record<string, unknown>[] = [];
  public metadata: Record<string, string> = {};
  public remainingMs = Infinity;

  public remainingTimeMs(): number { return this.remainingMs; }
  public requestMetadata(): Record<string, string> { return this.metadata; }
  public logStream(fields: Record<string, unknown>): void { this.streams.push(fields); }
  public countUsage(usage: object, dimensions: object): void { this.usages.push({ ...usage, ...dimensions }); }
  public logCall(fields: Record<string, unknown>): void { this.calls.push(fields); }
  public logFallback(fields: Record<string, unknown>): void { this.fallbacks.push(fields); }
  public logWarning(event: string, fields: Record<string, unknown>): void { this.warnings.push({ event, ...fields }); }
  public countInvocation(dimensions: object): void { this.invocations.push(dimensions); }
  public countThrottling(dimensions: object): void { this.throttlings.push(dimensions); }
  public countFallback(dimensions: Record<string, unknown>): void { this.fallbackCounts.push(dimensions); }
}

export interface TestClientOptions {
  /** None: wherever the SDK finds the endpoint. */
  readonly primaryUrl?: string;
  /** None: a client without a fallback Region. */
  readonly fallbackUrl?: string;
  readonly policy?: ClientPolicy;
  readonly twins?: RegionalTwins;
  readonly ca?: string;
  /** None: calls go out without a service tier. */
  readonly serviceTier?: string;
  readonly credentials?: BedrockRuntimeClientConfig['credentials'];
}

export interface TestClient {
  readonly client: BedrockRuntime;
  readonly ports: RecordingPorts;
}

/** A client of the factory's making whose Regions are two URLs. */
export function testClient(options: TestClientOptions): TestClient {
  const { primaryUrl, fallbackUrl, policy = SHORT_POLICY, twins, ca, credentials = CREDENTIALS, serviceTier } = options;
  const ports = new RecordingPorts();
  const client = bedrockClient({
    policy,
    ports,
    taskType: TASK_TYPE,
    primary: PRIMARY,
    fallback: fallbackUrl && FALLBACK,
    twins,
    readTimeoutMs: () => policy.readTimeoutMs[TASK_TYPE],
    tryServiceTier: () => serviceTier,
  }, {
    config: { credentials },
    endpointOf: primaryUrl === undefined ? undefined : region => (region === FALLBACK && fallbackUrl ? fallbackUrl : primaryUrl),
    ca,
  });
  return { client, ports };
}
