import { partitionOf } from '../../../src/contract/regions';

/** A service the probe asks: its name in host names, in signatures, and in the variable that moves its endpoint. */
export interface ProbedService {
  readonly host: string;
  readonly signingName: string;
  readonly endpointVariable: string;
}

export const STS: ProbedService = { host: 'sts', signingName: 'sts', endpointVariable: 'AWS_ENDPOINT_URL_STS' };
export const BEDROCK: ProbedService = { host: 'bedrock', signingName: 'bedrock', endpointVariable: 'AWS_ENDPOINT_URL_BEDROCK' };
export const BEDROCK_RUNTIME: ProbedService = {
  host: 'bedrock-runtime', signingName: 'bedrock', endpointVariable: 'AWS_ENDPOINT_URL_BEDROCK_RUNTIME',
};

/** Where a service answers, by the rules of the SDKs: its own variable, the variable of all services, the Region. */
export function endpointOf(service: ProbedService, region: string, env: NodeJS.ProcessEnv): URL {
  const override = env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true' ? undefined : env[service.endpointVariable] || env.AWS_ENDPOINT_URL;
  if (override) return new URL(override);
  const host = env.AWS_USE_FIPS_ENDPOINT === 'true' ? `${service.host}-fips` : service.host;
  return new URL(`https://${host}.${region}.${partitionOf(region).dnsSuffix}`);
}
