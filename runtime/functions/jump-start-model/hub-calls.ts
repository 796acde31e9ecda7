import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { CALL_OPTIONS } from '../sdk/call-options';

/** An operation of SageMaker's control plane, from its JSON to its JSON. */
export type HubCall = <Output>(operation: string, input: object) => Promise<Output>;

/**
 * Calls SageMaker's control plane. The registry lacks its client in the version of the others, and what is needed are two reads: the
 * client of SageMaker's runtime signs for the same service, so it carries them, with its credentials, retries and time-outs.
 */
export function hubCalls(dnsSuffix: string): HubCall {
  const region = process.env.AWS_REGION;
  const endpoint = process.env.AWS_ENDPOINT_URL ?? `https://api.sagemaker.${region}.${dnsSuffix}`;
  const client = new SageMakerRuntimeClient({ ...CALL_OPTIONS, endpoint });
  return async (operation, input) => {
    const command = new InvokeEndpointCommand({ EndpointName: 'unused', Body: JSON.stringify(input) });
    command.middlewareStack.add(next => args => {
      const request = args.request as { path: string; headers: Record<string, string> };
      request.path = '/';
      request.headers['content-type'] = 'application/x-amz-json-1.1';
      request.headers['x-amz-target'] = `SageMaker.${operation}`;
      return next(args);
    }, { step: 'build', name: 'controlPlane' });
    const { Body } = await client.send(command);
    return JSON.parse(Buffer.from(Body!).toString());
  };
}
