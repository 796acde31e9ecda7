import { dirname } from 'path';
import { onDemand } from './on-demand';

/**
 * What users put between Lambda and their code; installed when first needed, with 200 MB of what these depend on. Fastify 5 requires an ES
 * module, which Lambda turns off.
 */
const BESIDE = {
  'express': '5.3.0',
  'fastify': '4.29.1',
  '@fastify/aws-lambda': '6.4.1',
  'hono': '4.13.19',
  'serverless-http': '4.0.0',
  '@middy/core': '7.9.2',
  '@aws-lambda-powertools/event-handler': '2.35.0',
  '@aws-lambda-powertools/logger': '2.35.0',
  '@aws-lambda-powertools/metrics': '2.35.0',
  '@aws-lambda-powertools/tracer': '2.35.0',
  'datadog-lambda-js': '12.143.0',
  'dd-trace': '6.21.0',
  'newrelic': '14.5.1',
};

/** The folder from which these libraries are found. */
export function adapterLibraries(): string {
  const manifest = onDemand({ name: '@codegenie/serverless-express', version: '5.0.0', proof: 'package.json', beside: BESIDE });
  return dirname(manifest);
}
