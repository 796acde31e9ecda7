import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';

/** Handlers that do the same under the standard and under Powertools with middy, timed in turns. */
Object.assign(process.env, {
  POWERTOOLS_SERVICE_NAME: 'chat', PLUMBLINE_PRODUCT: 'MangaAssist', PLUMBLINE_ENVIRONMENT: 'prod', PLUMBLINE_SERVICE_NAME: 'chat',
});
const { logger: standardLogger, standardHandler } = createRequire(import.meta.url)('../../assets/runtime/node-layer/nodejs/plumbline/index.js');

const INVOCATIONS = 1000;
const WARM_UP_ROUNDS = 10;
const FIGURES = 3;
const context = {
  awsRequestId: 'lambda-1', functionName: 'chat', functionVersion: '1', memoryLimitInMB: '128', invokedFunctionArn: 'arn', getRemainingTimeInMillis: () => 30_000,
};
const event = { requestContext: { requestId: 'gateway-1', http: { method: 'POST' } } };
const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

const standard = standardHandler(async () => {
  standardLogger.info('answered', { order: 7 });
  return { answer: 42 };
}, { kind: 'API' });

const logger = new Logger();
const rolledUp = new Metrics({ namespace: 'MangaAssist/Latency', logger: silent });
const same = middy(async ({ requestContext }) => {
  const start = performance.now();
  logger.info('answered', { order: 7 });
  rolledUp.clearDefaultDimensions();
  rolledUp.addDimensions({ service_name: 'chat', request_type: 'API', environment: 'prod' });
  rolledUp.addDimensions({ service_name: 'chat', environment: 'prod' });
  rolledUp.addDimensions({ environment: 'prod' });
  rolledUp.addMetric('EndToEndMs', MetricUnit.Milliseconds, performance.now() - start);
  const body = JSON.stringify({ status: 'success', request_id: requestContext.requestId, data: { answer: 42 }, error: null });
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body };
}).use(injectLambdaContext(logger)).use(logMetrics(rolledUp));

const metrics = new Metrics({ namespace: 'MangaAssist/Latency' });
const plain = middy(async () => {
  const start = performance.now();
  logger.info('answered', { order: 7 });
  metrics.addDimension('request_type', 'API');
  metrics.addMetric('EndToEndMs', MetricUnit.Milliseconds, performance.now() - start);
  return { answer: 42 };
}).use(injectLambdaContext(logger)).use(logMetrics(metrics));

const contestants = [
  { name: 'standardHandler', handler: standard, times: [] },
  { name: 'Powertools + middy, same work', handler: same, times: [] },
  { name: 'Powertools + middy, plain', handler: plain, times: [] },
];

const rounds = Number(process.argv[2]);
for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
  for (const { handler, times } of contestants) {
    const start = process.hrtime.bigint();
    for (let invocation = 0; invocation < INVOCATIONS; invocation++) await handler(event, context);
    if (round >= 0) times.push(Number(process.hrtime.bigint() - start) / 1000 / INVOCATIONS);
  }
}
writeSync(FIGURES, JSON.stringify(contestants.map(({ name, times }) => ({ name, times }))));
