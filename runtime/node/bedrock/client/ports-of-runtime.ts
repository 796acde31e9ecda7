import type { BedrockPorts } from './ports';
import { currentPrompt } from './prompt-context';
import { CLIENT_POLICY } from '../../../../src/contract/data';
import { currentInvocation } from '../../telemetry/invocation';
import { LOG_EVENTS, logEvent } from '../../telemetry/log';
import { emitMetric } from '../../telemetry/metrics';

/** The client's ports, as the runtime in the layer fills them. */
export const RUNTIME_PORTS: BedrockPorts = {
  remainingTimeMs: () => currentInvocation()?.remainingTimeMs() ?? Infinity,
  logCall: fields => logEvent('info', LOG_EVENTS.bedrockCall, { ...fields, ...currentPrompt() }),
  logFallback: fields => logEvent('warn', CLIENT_POLICY.fallback.logEvent, { ...fields }),
  logWarning: (event, fields) => logEvent('warn', LOG_EVENTS[event], { ...fields }),
  countInvocation: dimensions => emitMetric('BedrockInvocationCount', 1, dimensions),
  countThrottling: (throttledAttempts, dimensions) => emitMetric('BedrockThrottlingCount', throttledAttempts, dimensions),
  countFallback: dimensions => emitMetric('BedrockRegionFallbackCount', 1, dimensions),
};
