const { createRequire } = require('node:module');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { dispatch } = require('./outcome.cjs');

const library = createRequire(`${process.env.ADAPTERS}/`);
/** Several of the libraries are ES modules, and middy says nothing to who would require it. */
const imported = name => import(pathToFileURL(name === '@middy/core' ? join(process.env.ADAPTERS, '../../@middy/core/index.js') : library.resolve(name)).href);
const made = new Map();
let current;
/** An application is made once, as users do, and asks for the act of the request under way. */
const once = (name, make) => act => async (event, context) => {
  current = act;
  if (!made.has(name)) made.set(name, await make(() => current()));
  return made.get(name)(event, context);
};
const isError = value => value instanceof Error;

function expressApp(act) {
  const express = library('express');
  const app = express();
  app.all(/.*/, (request, response) => {
    const result = act();
    if (isError(result)) return response.status(500).send(result.stack);
    return response.json(result);
  });
  return app;
}
function fastifyApp(act) {
  const app = library('fastify')();
  app.all('/*', async (request, reply) => {
    const result = act();
    return isError(result) ? reply.code(500).send(result) : result;
  });
  return app;
}
async function honoApp(act) {
  const { Hono } = await imported('hono');
  const app = new Hono();
  app.all('*', context => {
    const result = act();
    return isError(result) ? context.text(result.stack, 500) : context.json(result);
  });
  return app;
}
const middy = async () => (await imported('@middy/core')).default;
const powertools = { serviceName: 'chat', logLevel: 'SILENT' };

exports.shapes = {
  'serverless-express': once('serverless-express', act => {
    const handler = library('@codegenie/serverless-express')({ app: expressApp(act) });
    return (event, context) => handler(event, context);
  }),
  'serverless-http with express': once('serverless-http', async act => {
    const { default: serverless } = await imported('serverless-http');
    return serverless(expressApp(act));
  }),
  '@fastify/aws-lambda': once('fastify', act => library('@fastify/aws-lambda')(fastifyApp(act))),
  'hono': once('hono', async act => (await imported('hono/aws-lambda')).handle(await honoApp(act))),
  'middy': once('middy', async act => (await middy())(async () => act())),
  'middy with an onError that answers': once('middy-on-error', async act => (await middy())(async () => act()).use({
    onError: request => { request.response = { statusCode: 500, body: request.error.stack }; },
  })),
  'middy with an after that changes the result': once('middy-after', async act => (await middy())(async () => act()).use({
    after: request => { if (!isError(request.response)) request.response = { ...request.response, ok: true }; },
  })),
  'Powertools logger with middy': once('powertools-logger', async act => {
    const { Logger } = await imported('@aws-lambda-powertools/logger');
    const { injectLambdaContext } = await imported('@aws-lambda-powertools/logger/middleware');
    return (await middy())(async () => act()).use(injectLambdaContext(new Logger(powertools)));
  }),
  'Powertools metrics with middy': once('powertools-metrics', async act => {
    const { Metrics } = await imported('@aws-lambda-powertools/metrics');
    const { logMetrics } = await imported('@aws-lambda-powertools/metrics/middleware');
    return (await middy())(async () => act()).use(logMetrics(new Metrics({ namespace: 'Shop', serviceName: 'chat' }), { captureColdStartMetric: true }));
  }),
  'Powertools tracer with middy': once('powertools-tracer', async act => {
    const { Tracer } = await imported('@aws-lambda-powertools/tracer');
    const { captureLambdaHandler } = await imported('@aws-lambda-powertools/tracer/middleware');
    return (await middy())(async () => act()).use(captureLambdaHandler(new Tracer({ ...powertools, enabled: false })));
  }),
  'Powertools router': once('powertools-router', async act => {
    const { Router } = await imported('@aws-lambda-powertools/event-handler/http');
    const app = new Router();
    app.post('/x', async () => {
      const result = act();
      return isError(result) ? new Response(result.stack, { status: 500 }) : result;
    });
    return async (event, context) => app.resolve(event, context);
  }),
};
exports.handler = (event, context) => dispatch(exports.shapes)(event, context);
