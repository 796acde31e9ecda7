import { Stage, Token } from 'aws-cdk-lib';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { PresenceGateOverride } from './presence-gate-exceptions';
import type { SyntheticRequests } from './synthetic-requests';
import { METRIC_CATALOG, OPERATIONS } from '../contract/data';
import { MetricId, METRICS } from '../contract/metric-entry';
import { serviceFunctionsBelow } from '../function/service-functions';
import { CatalogMetric } from '../observability/catalog-metric';
import { Standards } from '../standards/standards';
import { teachingError } from '../standards/teaching-error';

const { unseenWhenHealthy, maxSettingsCharacters: MAX_CHARACTERS, pollSeconds, periodSeconds } = OPERATIONS.presenceGate;
const UNSEEN: readonly string[] = unseenWhenHealthy satisfies readonly MetricId[];

/** What the function of the gate reads. */
export interface GateSettings {
  readonly serviceName: string;
  readonly metrics: string[];
  readonly needed: number;
  readonly requests: object;
  readonly timing: object;
  readonly override?: object;
}

/** What the settings are made from. */
interface GateDemand {
  readonly serviceName: string;
  readonly metrics?: CatalogMetric[];
  readonly deploymentGroup?: object;
  readonly override?: PresenceGateOverride;
}

/** The settings, and the function that they invoke, if any. Errors: see `PresenceGate`. */
export function requireGateSettings(
  scope: Construct, props: GateDemand, requests: SyntheticRequests,
): { settings: GateSettings; target?: { fn: IFunction; qualifier?: string } } {
  const { settings: sent, target, qualifier } = requests._config();
  requireOrder(scope, props, sent);
  requirePayloads(scope, sent);
  const metrics = requireMetrics(scope, props);
  const settings = {
    serviceName: props.serviceName,
    metrics,
    needed: Math.min(METRIC_CATALOG.presenceGate.metricsSeen, metrics.length),
    requests: sent,
    timing: { withinSeconds: METRIC_CATALOG.presenceGate.withinSeconds, pollSeconds, periodSeconds },
    ...props.override && { override: { ...props.override } },
  };
  requireRoom(scope, settings);
  return { settings, ...target && { target: { fn: target, qualifier } } };
}

function requireMetrics(scope: Construct, { serviceName, metrics: given }: GateDemand): string[] {
  const allowed = METRICS.filter(({ tier, id }) => tier === 'mandatory' && !UNSEEN.includes(id));
  const known = (given?.map(({ id }) => id) ?? emittedBy(scope, serviceName).filter(id => allowed.some(entry => entry.id === id)));
  const ids = [...new Set(known)];
  const others = ids.filter(id => !allowed.some(entry => entry.id === id));
  if (ids.length > 0 && others.length === 0) return ids;
  throw teachingError(scope, {
    problem: others.length > 0
      ? 'The presence gate waits for mandatory metrics that a healthy service emits'
      : `The presence gate knows no metric of the service ${serviceName}`,
    given: others.length > 0 ? others : given?.map(({ id }) => id),
    allowed: allowed.map(({ constant }) => `CatalogMetric.${constant}`).join(', '),
    fix: others.length > 0
      ? 'leave the others out; what a team emits by itself can have a MissingMetricAlarm'
      : 'create the functions of the service before the gate, or name the metrics that its requests make it emit',
  });
}

function emittedBy(scope: Construct, serviceName: string): string[] {
  const { product, environment } = Standards.of(scope);
  return serviceFunctionsBelow(Stage.of(scope) ?? scope.node.root)
    .filter(service => service.serviceName === serviceName)
    .filter(({ fn }) => Standards.of(fn).product === product && Standards.of(fn).environment === environment)
    .flatMap(({ metrics }) => metrics.map(({ id }) => id));
}

/** What a hook refers to must not wait for the alias that the hook belongs to. */
function requireOrder(scope: Construct, { deploymentGroup }: GateDemand, { url }: { readonly url?: string }): void {
  if (!deploymentGroup || url === undefined || !Token.isUnresolved(url)) return;
  throw teachingError(scope, {
    problem: 'The hook of a deployment cannot know the address of an API that is deployed with it: the API waits for the alias, and the '
      + 'alias for its hook',
    given: url,
    allowed: 'a literal address, such as that of a custom domain; SyntheticRequests.invoke(alias, [...])',
    fix: 'invoke the alias with an event of API Gateway: the answer is the same',
  });
}

function requirePayloads(scope: Construct, { payloads, url }: { readonly payloads?: unknown[]; readonly url?: string }): void {
  if (payloads?.length === 0) {
    throw teachingError(scope, {
      problem: 'The presence gate has no payload to send',
      given: payloads,
      allowed: 'one payload or more; they are sent in turn',
      fix: 'name an event as the service gets it',
    });
  }
  if (url === undefined || Token.isUnresolved(url) || /^https:\/\/[^\s/]/.test(url)) return;
  throw teachingError(scope, {
    problem: 'The presence gate sends its requests over HTTPS only',
    given: url,
    allowed: 'an address that begins with https://',
    fix: 'write the whole address, for example https://api.example.com/chat',
  });
}

function requireRoom(scope: Construct, settings: GateSettings): void {
  const { length } = JSON.stringify(settings);
  if (length <= MAX_CHARACTERS) return;
  throw teachingError(scope, {
    problem: 'The requests of the presence gate do not fit into the environment of a function, to which Lambda gives 4 KB in all',
    given: `${length} characters`,
    allowed: `${MAX_CHARACTERS} characters of JSON, with the metrics and the override`,
    fix: 'give fewer or shorter payloads: they are sent in turn until there are 50',
  });
}
