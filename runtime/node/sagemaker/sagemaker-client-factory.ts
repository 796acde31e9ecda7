import type { SageMakerRuntime } from '@aws-sdk/client-sagemaker-runtime';
import type * as clients from './standard-sagemaker-clients';

/** The one way to an endpoint of SageMaker that cannot hang. */
export class SageMakerClientFactory {
  /**
   * The SDK's own client, with time-outs, retries and telemetry by the standard. The same one for the same task type.
   * Create it outside the handler, so that its connections outlive one invocation.
   *
   * An endpoint lives in one Region, that of the function: there is no other to fall back to.
   *
   * @throws when the task type is not in the standard
   */
  public static create(props: clients.SageMakerClientProps): SageMakerRuntime {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- functions that never call an endpoint must not load the SDK
    const { standardSageMakerClient } = require('./standard-sagemaker-clients') as typeof clients;
    return standardSageMakerClient(props);
  }
}
