import { IConstruct } from 'constructs';
import { Envelope } from './envelope';
import { HandlerKind } from './handler-kind';
import { BedrockTaskRole } from '../bedrock/role/bedrock-task-role';
import { METRIC_CATALOG } from '../contract/data';
import { METRICS } from '../contract/metric-entry';
import { Standards } from '../standards/standards';

const METRIC_IDS = { latency: 'LatencyEndToEndMs', invocations: 'BedrockInvocationCount', throttling: 'BedrockThrottlingCount' } as const;

/**
 * The series of metrics that a function emits once it is called: a name under one set of dimensions, which is what CloudWatch charges for.
 * Those of its first answer, of one task type of each model; errors and fallbacks add theirs as they come.
 */
export function emittedSeries(
  fn: IConstruct, serviceName: string, kind: HandlerKind, envelope: Envelope, role: BedrockTaskRole | undefined,
): string[] {
  const { product, environment } = Standards.of(fn);
  const own = { product, environment, serviceName };
  const requestTypes = kind === HandlerKind.AUTO ? [HandlerKind.API, HandlerKind.EVENT] : [kind];
  const models = role ? role.probeableModels.length || 1 : 0;
  return [
    ...seriesOf(METRIC_IDS.latency, own, requestTypes.length),
    ...(models > 0 ? [...seriesOf(METRIC_IDS.invocations, own, models), ...seriesOf(METRIC_IDS.throttling, own, models)] : []),
    ...(envelope === Envelope.LOG_ONLY ? seriesOf('EnvelopeChangeCount', own, 1) : []),
    JSON.stringify([METRIC_CATALOG.initFailure.area, own]),
  ];
}

/** `variants` of the full set of dimensions, and each roll-up set once, shared with whoever has the same values for it. */
function seriesOf(
  id: string, own: { readonly product: string; readonly environment: string; readonly serviceName: string }, variants: number,
): string[] {
  const { rollups } = METRICS.find(metric => metric.id === id)!;
  const full = Array.from({ length: variants }, (_, index) => JSON.stringify([id, own, index]));
  const shared = (set: readonly string[]) => (set.includes('service_name') ? own : { ...own, serviceName: undefined });
  return [...full, ...rollups.map(set => JSON.stringify([id, set, shared(set)]))];
}
