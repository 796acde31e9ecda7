import { BedrockRuntime, BedrockRuntimeClientConfig } from '@aws-sdk/client-bedrock-runtime';
import type { EndpointV2 } from '@smithy/types';
import { CallSettings, callMiddleware } from './call-middleware';
import { Transport } from '../http/transport';
import { currentAttempt } from '../retry/attempt';
import { ATTEMPT_HEADERS_OPTIONS, attemptHeaders } from '../retry/attempt-headers';

/** For tests: what a user gives through environment and profile, and servers that stand for Regions. */
export interface ClientSurroundings {
  readonly config?: Pick<BedrockRuntimeClientConfig, 'credentials' | 'token' | 'endpoint' | 'logger'>;
  readonly ca?: string;
  endpointOf?(region: string): string;
}

/**
 * The SDK's client, with the policy's limits, retries and Regions built in. Of its two forms the one with a method for each command:
 * whoever needs the classes of the commands loads a second SDK beside this one.
 */
export function bedrockClient(settings: CallSettings, { config = {}, endpointOf, ca }: ClientSurroundings = {}): BedrockRuntime {
  const regionNow = () => currentAttempt()?.region ?? settings.primary;
  const client = new BedrockRuntime({
    ...config,
    region: async () => regionNow(),
    maxAttempts: settings.policy.maxAttempts,
    retryMode: settings.policy.retryMode,
    requestHandler: new Transport({ ...settings.policy, ca }),
  });
  client.middlewareStack.add(callMiddleware(settings), { name: 'plumblineCall', step: 'initialize', priority: 'low' });
  client.middlewareStack.add(attemptHeaders, ATTEMPT_HEADERS_OPTIONS);
  noticePinnedEndpoint(client, endpointOf);
  // The SDK keeps the first Region it signs for; each attempt must be signed for its own.
  Object.defineProperty(client.config, 'signingRegion', { get: regionNow, set: () => undefined, enumerable: true });
  return client;
}

/** An endpoint that the user names (AWS_ENDPOINT_URL_BEDROCK_RUNTIME, a VPC endpoint) is the only one there is, in whichever Region. */
function noticePinnedEndpoint(client: BedrockRuntime, endpointOf?: (region: string) => string): void {
  const resolve = client.config.endpointProvider;
  client.config.endpointProvider = (parameters, context): EndpointV2 => {
    if (endpointOf) return { url: new URL(endpointOf(String(parameters.Region))), properties: {} };
    const attempt = currentAttempt();
    if (attempt && parameters.Endpoint !== undefined) attempt.endpointPinned = true;
    return resolve(parameters, context);
  };
}
