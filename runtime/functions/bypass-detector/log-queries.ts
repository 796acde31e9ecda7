import { CALL_USAGE, CLIENT_POLICY, OPERATIONS, RUNTIME_ENVIRONMENT } from '../../../src/contract/data';
import { type MetricId, METRICS } from '../../../src/contract/metric-entry';

const VERSION = CLIENT_POLICY.telemetry.versionDimension;
const { field: IN_FIELD, header: IN_HEADER } = CALL_USAGE.requestMetadata.operations;
const INVOCATION_COUNT: MetricId = 'BedrockInvocationCount';
const { area: AREA, name: INVOCATIONS } = METRICS.find(({ id }) => id === INVOCATION_COUNT)!;

const COUNTED = 'stats count(*) as calls, min(@timestamp) as first, max(@timestamp) as last';

/**
 * Lines of the services about calls to Bedrock that do not say by which version of the client: of metrics and events that another client
 * writes under the standard's names, and of what other tools write by the names of OpenTelemetry.
 */
export function serviceLogQuery(product: string): string {
  const namespace = `${product}/${AREA}`.replace(/[.\\/+*?^$()[\]{}|]/g, '\\$&');
  const provider = CALL_USAGE.provider.value.replace('.', '\\.');
  return [
    'filter '
    + `(event = "${RUNTIME_ENVIRONMENT.logEvents.bedrockCall}" and not ispresent(${VERSION}))`
    + ` or (ispresent(${INVOCATIONS}) and not ispresent(${VERSION}) and @message like /"Namespace"\\s*:\\s*"${namespace}"/)`
    + ` or (@message like /"gen_ai\\.(provider\\.name|system)"\\s*:\\s*"${provider}"/`
    + ` and not ispresent(event) and not ispresent(${VERSION}))`,
    `${COUNTED} by @log, service_name`,
  ].join('\n| ');
}

/**
 * Calls that AWS has logged without what each call of the standard says of itself.
 *
 * By the text: Insights finds the first 200 fields of an entry only, and the request's metadata stands behind its whole body.
 */
export function invocationLogQuery(): string {
  const operations = [...IN_FIELD, ...IN_HEADER].map(name => `"${name}"`).join(', ');
  const metadata = `"requestMetadata"\\s*:\\s*\\{[^{}]*"${OPERATIONS.bypassDetection.identifyingMetadata}"\\s*:`;
  return [
    `filter schemaType = "ModelInvocationLog" and operation in [${operations}] and @message not like /${metadata}/`,
    `${COUNTED} by identity.arn, modelId, operation`,
  ].join('\n| ');
}
