import type { SageMakerPorts } from './ports';
import { currentPrompt } from '../bedrock/client/prompt-context';
import { currentInvocation } from '../telemetry/invocation';
import { LOG_EVENTS, logEvent } from '../telemetry/log';
import { catalogDatum, emitMetric, emitMetrics } from '../telemetry/metrics';

/** The client's ports, as the runtime in the layer fills them. */
export const SAGEMAKER_PORTS: SageMakerPorts = {
  remainingTimeMs: () => currentInvocation()?.remainingTimeMs() ?? Infinity,
  log: (event, fields) =>
    logEvent(event === 'sageMakerStreamFailed' ? 'warn' : 'info', LOG_EVENTS[event], { ...fields, ...currentPrompt() }),
  countInvocation: dimensions => emitMetrics([
    catalogDatum('SageMakerInvocationCount', 1, dimensions),
    // A metric of which only the bad moments are known looks the same as one that nobody emits.
    catalogDatum('SageMakerThrottlingCount', 0, { endpoint_name: dimensions.endpoint_name }),
  ]),
  countThrottling: dimensions => emitMetric('SageMakerThrottlingCount', 1, dimensions),
};
