import { SageMakerRuntime, type SageMakerRuntimeClientConfig } from '@aws-sdk/client-sagemaker-runtime';
import { endpointCall, type EndpointCallSettings } from './endpoint-call';
import { Transport } from '../bedrock/http/transport';
import { ATTEMPT_HEADERS_OPTIONS, attemptHeaders } from '../bedrock/retry/attempt-headers';

/** What a user gives through environment and profile; for tests. */
export type EndpointClientConfig = Pick<SageMakerRuntimeClientConfig, 'credentials' | 'endpoint'>;

/** The SDK's client, with the policy's limits and retries built in. Of its two forms the one with a method for each command. */
export function sageMakerClient(settings: EndpointCallSettings, config: EndpointClientConfig = {}): SageMakerRuntime {
  const { policy, region } = settings;
  const client = new SageMakerRuntime({
    ...config,
    region,
    maxAttempts: policy.maxAttempts,
    retryMode: policy.retryMode,
    requestHandler: new Transport(policy),
  });
  client.middlewareStack.add(endpointCall(settings), { name: 'plumblineCall', step: 'initialize', priority: 'low' });
  client.middlewareStack.add(attemptHeaders, ATTEMPT_HEADERS_OPTIONS);
  return client;
}
