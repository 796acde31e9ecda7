import { OPERATIONS, RUNTIME_ENVIRONMENT } from '../../../src/contract/data';
import { METRICS, type MetricEntry } from '../../../src/contract/metric-entry';

/** What the construct tells the function of the gate, as JSON in its environment. */
export interface GateSettings {
  readonly serviceName: string;
  /** Ids of metrics of the catalogue. */
  readonly metrics: readonly string[];
  /** How many of them must be seen. */
  readonly needed: number;
  readonly requests: InvokeRequests | HttpRequests;
  readonly timing: GateTiming;
  readonly override?: GateOverride;
}

/** How long the gate waits, and how often it looks. */
export interface GateTiming {
  readonly withinSeconds: number;
  readonly pollSeconds: number;
  /** Of one data point: CloudWatch keeps the metrics of the runtimes by the minute. */
  readonly periodSeconds: number;
}

/** Invocations of a function. */
export interface InvokeRequests {
  readonly functionArn: string;
  readonly qualifier?: string;
  /** Sent in turn. */
  readonly payloads: readonly unknown[];
}

/** Requests over HTTP. */
export interface HttpRequests {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent in turn; none: requests without a body. */
  readonly bodies: readonly string[];
}

/** A fix that has to go out although the gate stays shut. */
export interface GateOverride {
  readonly reason: string;
  readonly by: string;
  /** The last day on which it counts, in UTC. */
  readonly until: string;
}

/** A series of metrics as CloudWatch names it. */
export interface WatchedMetric {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export function gateSettings(env: NodeJS.ProcessEnv = process.env): GateSettings {
  const text = env[OPERATIONS.presenceGate.variable];
  if (!text) throw new Error(`Environment variable ${OPERATIONS.presenceGate.variable} is missing. Let PresenceGate set it.`);
  return JSON.parse(text) as GateSettings;
}

/** The roll-up of each metric for the whole service: whatever its models and types of requests, it is one series. */
export function watchedMetrics({ serviceName, metrics }: GateSettings, env: NodeJS.ProcessEnv = process.env): WatchedMetric[] {
  const { product, environment } = RUNTIME_ENVIRONMENT.variables;
  const dimensions = { service_name: serviceName, environment: env[environment.name] ?? 'unknown' };
  return metrics.map(id => {
    const { area, name } = METRICS.find((entry: MetricEntry) => entry.id === id)!;
    return { id, namespace: `${env[product.name]}/${area}`, name, dimensions };
  });
}
