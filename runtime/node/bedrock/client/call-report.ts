import { performance } from 'node:perf_hooks';
import { CallUsage, documentOf, holdsToken, usageFields, UsageReader } from './call-usage';
import { BEDROCK_CLIENT_VERSION } from './client-version';
import type { BedrockPorts } from './ports';
import { CALL_USAGE, CLIENT_POLICY } from '../../../../src/contract/data';
import type { AttemptLimits } from '../retry/attempt-clock';
import type { CallEnd, CallObserver } from '../retry/call-observer';
import type { FailureKind } from '../retry/failure-kind';
import type { FallbackReason } from '../retry/region-circuit';

const { telemetry } = CLIENT_POLICY;
const { firstToken: FIRST_TOKEN, model: MODEL, operation: OPERATION, provider: PROVIDER } = CALL_USAGE;
const OPERATION_NAMES: Readonly<Record<string, string>> = OPERATION.values;

export interface ReportedCall {
  /** As the log tells it, such as `Converse`. */
  readonly operation: string;
  readonly modelId: string | undefined;
  readonly taskType: string;
  readonly limits: AttemptLimits;
}

/** Tells metrics and log what became of one call. */
export class CallReport implements CallObserver {
  private readonly startedAt = performance.now();
  private counted = false;
  private readonly reader = new UsageReader();
  private firstTokenMs: number | undefined;
  /** While the request is under way: nobody waits for the metrics then. */
  private readonly countSoon: NodeJS.Immediate;

  public constructor(private readonly ports: BedrockPorts, private readonly call: ReportedCall) {
    this.countSoon = setImmediate(() => this.countInvocation());
  }

  public attemptFailed(kind: FailureKind | undefined): void {
    if (kind === 'throttling') this.countThrottling();
  }

  public rerouted(fromRegion: string, toRegion: string, reason: FallbackReason): void {
    this.ports.countFallback({ from_region: fromRegion, to_region: toRegion, reason });
    this.ports.logFallback({ primary_region: fromRegion, fallback_region: toRegion, latency_to_failure_ms: this.elapsedMs() });
  }

  public ended({ result, error, region, attempts }: CallEnd): void {
    const { taskType, limits } = this.call;
    clearImmediate(this.countSoon);
    this.countInvocation();
    const usage = this.usageOf(result);
    this.ports.logCall({
      ...this.named(),
      task_type: taskType,
      region,
      outcome: error === undefined ? 'success' : outcomeOf(error),
      attempts,
      latency_ms: this.elapsedMs(),
      [telemetry.versionDimension]: BEDROCK_CLIENT_VERSION,
      [telemetry.connectTimeoutField]: limits.connectMs,
      [telemetry.readTimeoutField]: limits.readMs,
      ...usageFields(usage),
      ...this.openTelemetryFields(),
    });
    this.countUsage(usage);
  }

  /** One event of a streamed answer, before its reader has it. */
  public streamed(event: unknown): void {
    const document = documentOf(event);
    this.reader.document(document);
    if (this.firstTokenMs === undefined && holdsToken(document)) this.firstTokenMs = this.elapsedMs();
  }

  /** The reader of a stream has all of it, or has left. */
  public streamEnded(outcome: 'success' | 'left'): void {
    const usage = this.reader.usage();
    this.ports.logStream({
      ...this.named(),
      task_type: this.call.taskType,
      outcome,
      latency_ms: this.elapsedMs(),
      ...this.firstTokenMs !== undefined && { [FIRST_TOKEN.field]: this.firstTokenMs },
      ...usageFields(usage),
      ...this.openTelemetryFields(),
    });
    this.countUsage(usage);
  }

  /** An answer that began well and broke off; the call itself has been reported. */
  public streamFailed(error: unknown, kind: FailureKind | undefined): void {
    if (kind === 'throttling') this.countThrottling();
    this.ports.logWarning('bedrockStreamFailed', { ...this.named(), outcome: outcomeOf(error), latency_ms: this.elapsedMs() });
  }

  private named(): Record<string, string> {
    const { modelId, operation } = this.call;
    return { operation, ...modelId !== undefined && { model_id: modelId } };
  }

  /** Beside ours, so that tools that know OpenTelemetry read the line. */
  private openTelemetryFields(): Record<string, string> {
    const { modelId, operation } = this.call;
    if (modelId === undefined) return {};
    return {
      [PROVIDER.attribute]: PROVIDER.value,
      ...Object.hasOwn(OPERATION_NAMES, operation) && { [OPERATION.attribute]: OPERATION_NAMES[operation] },
      [MODEL.attribute]: modelId,
    };
  }

  /** What an answer tells that came as a whole. */
  private usageOf(result: unknown): CallUsage {
    const { output, response } = (result ?? {}) as { output?: { body?: unknown }; response?: { headers?: Record<string, string> } };
    if (this.call.modelId === undefined || !output) return {};
    if (response?.headers) this.reader.headers(response.headers);
    this.reader.document(output);
    if (output.body instanceof Uint8Array) this.reader.body(output.body);
    return this.reader.usage();
  }

  private countUsage(usage: CallUsage): void {
    const { modelId, taskType } = this.call;
    if (modelId === undefined) return;
    const firstToken = this.firstTokenMs === undefined ? {} : { timeToFirstTokenMs: this.firstTokenMs };
    this.ports.countUsage({ ...usage, ...firstToken }, { model_id: modelId, task_type: taskType });
  }

  private countInvocation(): void {
    const { modelId, taskType } = this.call;
    if (this.counted || modelId === undefined) return;
    this.counted = true;
    this.ports.countInvocation({ model_id: modelId, task_type: taskType, bedrock_client_version: BEDROCK_CLIENT_VERSION });
  }

  private countThrottling(): void {
    const { modelId } = this.call;
    if (modelId !== undefined) this.ports.countThrottling({ model_id: modelId });
  }

  private elapsedMs(): number {
    return Math.round(performance.now() - this.startedAt);
  }
}

/** The name of an error; its message may hold what the user wrote. */
function outcomeOf(error: unknown): string {
  const name = (error as { name?: unknown } | null | undefined)?.name;
  return typeof name === 'string' && name !== '' ? name : typeof error;
}
