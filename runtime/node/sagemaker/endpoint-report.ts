import { performance } from 'node:perf_hooks';
import type { SageMakerPorts } from './ports';
import { CLIENT_POLICY } from '../../../src/contract/data';
import { BEDROCK_CLIENT_VERSION } from '../bedrock/client/client-version';
import type { AttemptLimits } from '../bedrock/retry/attempt-clock';
import type { CallEnd, CallObserver } from '../bedrock/retry/call-observer';
import type { FailureKind } from '../bedrock/retry/failure-kind';

const { telemetry } = CLIENT_POLICY;

export interface ReportedEndpointCall {
  /** As the log tells it, such as `InvokeEndpoint`. */
  readonly operation: string;
  readonly endpointName: string;
  /** The inference component that was asked for. */
  readonly component: string | undefined;
  readonly taskType: string;
  readonly limits: AttemptLimits;
}

/** Tells metrics and log what became of one call to an endpoint. */
export class EndpointReport implements CallObserver {
  private readonly startedAt = performance.now();
  private firstPartMs: number | undefined;

  public constructor(private readonly ports: SageMakerPorts, private readonly call: ReportedEndpointCall) {}

  public attemptFailed(kind: FailureKind | undefined): void {
    if (kind === 'throttling' && this.call.endpointName) this.ports.countThrottling({ endpoint_name: this.call.endpointName });
  }

  /** There is no other Region. */
  public rerouted(): void {
    return undefined;
  }

  public ended({ error, region, attempts }: CallEnd): void {
    const { endpointName, limits, taskType } = this.call;
    // A call without a name was refused before it was sent.
    if (endpointName) this.ports.countInvocation({ endpoint_name: endpointName, task_type: taskType });
    this.ports.log('sageMakerCall', {
      ...this.named(),
      task_type: taskType,
      region,
      outcome: error === undefined ? 'success' : outcomeOf(error),
      ...originalStatus(error),
      attempts,
      latency_ms: this.elapsedMs(),
      client_version: BEDROCK_CLIENT_VERSION,
      [telemetry.connectTimeoutField]: limits.connectMs,
      [telemetry.readTimeoutField]: limits.readMs,
    });
  }

  /** One part of a streamed answer, before its reader has it. */
  public streamed(): void {
    this.firstPartMs ??= this.elapsedMs();
  }

  /** The reader of a stream has all of it, or has left. */
  public streamEnded(outcome: 'success' | 'left'): void {
    this.ports.log('sageMakerStreamEnded', {
      ...this.named(),
      outcome,
      latency_ms: this.elapsedMs(),
      ...this.firstPartMs !== undefined && { time_to_first_part_ms: this.firstPartMs },
    });
  }

  /** An answer that began well and broke off; the call itself has been reported. */
  public streamFailed(error: unknown, kind: FailureKind | undefined): void {
    this.attemptFailed(kind);
    this.ports.log('sageMakerStreamFailed', { ...this.named(), outcome: outcomeOf(error), latency_ms: this.elapsedMs() });
  }

  private named(): Record<string, string> {
    const { component, endpointName, operation } = this.call;
    return { operation, endpoint_name: endpointName, ...component !== undefined && { inference_component: component } };
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

/** What a container answered, which SageMaker wraps. */
function originalStatus(error: unknown): { original_status?: number } {
  const status = (error as { OriginalStatusCode?: unknown } | null | undefined)?.OriginalStatusCode;
  return typeof status === 'number' ? { original_status: status } : {};
}
