import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { MetricCall } from './metric-calls';
import { METRIC_CATALOG } from '../../../src/contract/data';

const PACKAGE = '@aws-sdk/client-cloudwatch';

/** Of the package, which the service brings, as much as is used. */
interface CloudWatchSdk {
  readonly CloudWatchClient: new (config: object) => CloudWatchClient;
  readonly PutMetricDataCommand: new (input: object) => object;
}

interface CloudWatchClient {
  send(command: object, options: { readonly abortSignal: AbortSignal }): Promise<unknown>;
}

/** Sends one call; rejects with what the SDK, or the time limit, says. */
export type SendCall = (call: MetricCall, withinMs: number) => Promise<void>;

/** The service has no SDK for CloudWatch. */
export class SdkMissingError extends Error {
  constructor(cause: unknown) {
    super(`${PACKAGE} could not be loaded: add it to the dependencies of the service`, { cause });
    this.name = 'SdkMissingError';
  }
}

/** Loads the SDK. Throws a SdkMissingError where there is none. */
export function cloudWatch(): SendCall {
  const { CloudWatchClient, PutMetricDataCommand } = loadSdk();
  // What fails waits for the next flush: a second attempt at once would hold up what waits behind it.
  const client = new CloudWatchClient({ maxAttempts: 1 });
  return async ({ Namespace, MetricData }, withinMs) => {
    const dated = MetricData.map(datum => ({ ...datum, Timestamp: new Date(datum.Timestamp * 1000) }));
    const abortSignal = AbortSignal.timeout(Math.min(withinMs, METRIC_CATALOG.transport.callTimeoutMs));
    await client.send(new PutMetricDataCommand({ Namespace, MetricData: dated }), { abortSignal });
  };
}

function loadSdk(): CloudWatchSdk {
  try {
    // Spelled out and in a try: a bundler finds it here, and does not insist.
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- there is no other way to load what may be absent at once
    return require('@aws-sdk/client-cloudwatch') as CloudWatchSdk;
  } catch {
    return loadSdkOfService();
  }
}

/** Where packages are linked and not copied, this module is not below those of the service. */
function loadSdkOfService(): CloudWatchSdk {
  try {
    return createRequire(join(process.cwd(), 'index.js'))(PACKAGE) as CloudWatchSdk;
  } catch (error) {
    throw new SdkMissingError(error);
  }
}
