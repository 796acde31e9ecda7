import type { PromptPorts } from './ports';
import { currentInvocation } from '../telemetry/invocation';
import { LOG_EVENTS, logEvent } from '../telemetry/log';
import { emitMetric } from '../telemetry/metrics';

/** The ports of prompts, as the runtime in the layer fills them. */
export const PROMPT_PORTS: PromptPorts = {
  now: Date.now,
  remainingTimeMs: () => currentInvocation()?.remainingTimeMs() ?? Infinity,
  log: (level, event, fields) => logEvent(level, LOG_EVENTS[event], { ...fields }),
  count: (metric, value, dimensions) => emitMetric(metric, value, dimensions),
};
