import type { Context } from 'aws-lambda';
import { guard, watch } from './guard';
import { isUnderStandard } from './own-context';
import type { ErrorCode } from '../../envelope/error-mapping';
import { newInvocation, withInvocation, type InvocationKind } from '../../telemetry/invocation';
import { emitMetric } from '../../telemetry/metrics';

/** One call of the function, of whatever kind. */
export interface GivenCall<T> {
  readonly kind: InvocationKind;
  readonly event: unknown;
  readonly context: Context;
  /** The handler as it is, for a call from within a handler that is under the standard already. */
  bare(): Promise<T>;
}

/** What a kind of handler makes its answer with. */
export interface StandardCall {
  /** Does the handler's work, but fails in time, and at an error that nobody catches. */
  guarded<R>(work: () => Promise<R>): Promise<R>;
  /** Does the handler's work, but fails at an error that nobody catches. */
  watched<R>(work: () => Promise<R>): Promise<R>;
  /** Counts what every call counts; called once the answer is ready. */
  record(errorCode?: ErrorCode): void;
}

/** Puts a call under the standard; `answer` is what its kind does. */
export function standardCall<T>({ kind, event, context, bare }: GivenCall<T>, answer: (call: StandardCall) => Promise<T>): Promise<T> {
  if (isUnderStandard(context)) return bare();
  const invocation = newInvocation(kind, event, context);
  const start = performance.now();
  return withInvocation(invocation, () => answer({
    guarded: work => guard(invocation, work),
    watched: work => watch(invocation, work),
    record: errorCode => {
      emitMetric('LatencyEndToEndMs', Math.round((performance.now() - start) * 1000) / 1000, { request_type: kind });
      if (errorCode) emitMetric('ErrorCount', 1, { error_code: errorCode });
    },
  }));
}
