import type { BedrockPorts, CountedCall, UsedByCall } from './ports';
import { currentPrompt } from './prompt-context';
import { CALL_USAGE, CLIENT_POLICY } from '../../../../src/contract/data';
import { tryStopReason } from '../../../../src/contract/stop-reason';
import { currentInvocation } from '../../telemetry/invocation';
import { LOG_EVENTS, logEvent } from '../../telemetry/log';
import { catalogDatum, emitMetric, emitMetrics } from '../../telemetry/metrics';
import { settings } from '../../telemetry/settings';

const { counters: COUNTERS, stopReason: STOP, firstToken: FIRST_TOKEN } = CALL_USAGE;

/** The client's ports, as the runtime in the layer fills them. */
export const RUNTIME_PORTS: BedrockPorts = {
  remainingTimeMs: () => currentInvocation()?.remainingTimeMs() ?? Infinity,
  requestMetadata: () => ({ service_name: settings().serviceName, environment: settings().environment, ...currentPrompt() }),
  logCall: fields => logEvent('info', LOG_EVENTS.bedrockCall, { ...fields, ...currentPrompt() }),
  logStream: fields => logEvent('info', LOG_EVENTS.bedrockStreamEnded, { ...fields, ...currentPrompt() }),
  logFallback: fields => logEvent('warn', CLIENT_POLICY.fallback.logEvent, { ...fields }),
  logWarning: (event, fields) => logEvent('warn', LOG_EVENTS[event], { ...fields }),
  countInvocation,
  countUsage,
  countThrottling: dimensions => emitMetric('BedrockThrottlingCount', 1, dimensions),
  countFallback: dimensions => emitMetric('BedrockRegionFallbackCount', 1, dimensions),
};

function countInvocation(dimensions: CountedCall): void {
  emitMetrics([
    catalogDatum('BedrockInvocationCount', 1, dimensions),
    // A metric of which only the bad moments are known looks the same as one that nobody emits.
    catalogDatum('BedrockThrottlingCount', 0, { model_id: dimensions.model_id }),
  ]);
}

function countUsage(usage: UsedByCall, dimensions: { readonly model_id: string; readonly task_type: string }): void {
  const values = [
    [COUNTERS.input.metric, usage.inputTokens],
    [COUNTERS.output.metric, usage.outputTokens],
    [COUNTERS.cacheRead.metric, usage.cacheReadTokens],
    [COUNTERS.cacheWrite.metric, usage.cacheWriteTokens],
    [FIRST_TOKEN.metric, usage.timeToFirstTokenMs],
  ] as const;
  const data = values.flatMap(([metric, value]) => value === undefined ? [] : catalogDatum(metric, value, dimensions));
  const { stopReason } = usage;
  if (stopReason !== undefined) {
    // A dimension has to stay a short list, whatever word a model invents.
    const known = tryStopReason(stopReason) ? stopReason : STOP.unknown;
    data.push(catalogDatum(STOP.metric, 1, { model_id: dimensions.model_id, [STOP.dimension]: known }));
  }
  emitMetrics(data);
}
