import { performance } from 'node:perf_hooks';
import type { ErrorCode } from '../../envelope/error-mapping';
import type { Invocation } from '../../telemetry/invocation';
import { emitMetric } from '../../telemetry/metrics';

/** Counts what every invocation counts; called once its answer is ready. */
export class Outcome {
  private readonly start = performance.now();

  constructor(private readonly invocation: Invocation) {}

  public record(errorCode?: ErrorCode): void {
    const elapsedMs = Math.round((performance.now() - this.start) * 1000) / 1000;
    emitMetric('LatencyEndToEndMs', elapsedMs, { request_type: this.invocation.kind });
    if (errorCode) emitMetric('ErrorCount', 1, { error_code: errorCode });
  }
}
