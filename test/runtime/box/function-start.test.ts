import { buildSync } from 'esbuild';
import { httpEvent } from '../../support/runtime-events';
import { DENIED, DENIED_STS, FakeAws, type FakeAnswers } from '../../support/runtime-fake-aws';
import { LambdaFunction, MACHINE_NODE, type FunctionOptions } from '../../support/runtime-function';
import { GENERATIONS, NODE_24 } from '../../support/runtime-generations';

jest.setTimeout(180_000);

const HELLO = 'exports.handler = async () => "hello";';
const ES_MODULE = 'export const handler = async () => "hello";';
const OWN_COPY = {
  'index.mjs': `
    import { createRequire } from 'node:module';
    import * as imported from 'cdk-plumbline/runtime';
    const required = createRequire(import.meta.url)('cdk-plumbline/runtime');
    const fromCommonJs = createRequire(import.meta.url)('./old.cjs');
    export const handler = async () => [
      required.EnvelopeError === imported.EnvelopeError, await fromCommonJs() === required.emitMetric, imported.stale
    ];`,
  'old.cjs': 'module.exports = async () => (await import("cdk-plumbline/runtime")).emitMetric;',
  'node_modules/cdk-plumbline/package.json': '{"name":"cdk-plumbline","version":"0.0.1","exports":{"./runtime":"./runtime.js"}}',
  'node_modules/cdk-plumbline/runtime.js': 'exports.stale = true;',
};

async function dataOf(fn: LambdaFunction, event: object = {}): Promise<unknown> {
  const { body } = JSON.parse((await fn.invoke(httpEvent(event))).body) as { body: string };
  return (JSON.parse(body) as { data: unknown }).data;
}

test('import and require lead to the layer on a Node without synchronous hooks too', async () => {
  const options = { generation: NODE_24, node: MACHINE_NODE, code: OWN_COPY };
  await LambdaFunction.with(options, async fn => expect(await dataOf(fn)).toEqual([true, true, null]));
});

describe.each(GENERATIONS)('the user\'s handler on %s', (_name, generation) => {
  test.each<[string, string, Record<string, string>]>([
    ['a CommonJS file', 'index.handler', { 'index.js': HELLO }],
    ['a .cjs file', 'index.handler', { 'index.cjs': HELLO }],
    ['an .mjs file', 'index.handler', { 'index.mjs': ES_MODULE }],
    ['an ES module by package.json', 'index.handler', { 'index.js': ES_MODULE, 'package.json': '{"type":"module"}' }],
    ['a file in a folder', 'src/app/main.handler', { 'src/app/main.js': HELLO }],
    ['a nested export', 'index.api.chat.handler', { 'index.js': 'exports.api = { chat: { handler: async () => "hello" } };' }],
    ['a default export that holds the handler', 'index.handler', { 'index.mjs': 'export default { handler: async () => "hello" };' }],
    ['a default export that is the handler', 'index.default', { 'index.mjs': 'export default async () => "hello";' }],
    ['a folder with an index file', 'app.handler', { 'app/index.js': HELLO }],
    ['a top-level await', 'index.handler', {
      'index.mjs': 'const text = await Promise.resolve("hello"); export const handler = async () => text;',
    }],
    ['a sync function', 'index.handler', { 'index.js': 'exports.handler = () => "hello";' }],
  ])('is found and called: %s', async (_what, handler, code) => {
    await LambdaFunction.with({ generation, code, handler }, async fn => expect(await dataOf(fn)).toBe('hello'));
  });

  test('import and require lead to the one runtime of the layer, a copy of the function\'s own notwithstanding', async () => {
    await LambdaFunction.with({ generation, code: OWN_COPY }, async fn => expect(await dataOf(fn)).toEqual([true, true, null]));
  });

  test('modules of the function and of Node are found as ever', async () => {
    const code = {
      'index.mjs': 'import { left } from "left"; import { join } from "node:path"; export const handler = async () => join(left, "x");',
      'node_modules/left/package.json': '{"name":"left","type":"module","exports":"./index.js"}',
      'node_modules/left/index.js': 'export const left = "left";',
    };
    await LambdaFunction.with({ generation, code }, async fn => expect(await dataOf(fn)).toBe('left/x'));
  });

  test.each(['cjs', 'esm'] as const)(
    'a bundle (%s) with its own copy of the runtime shares the invocation and the errors of the layer', async format => {
      const { outputFiles } = buildSync({
        stdin: {
          contents: `
          import { EnvelopeError, success } from 'cdk-plumbline/runtime';
          export const handler = async event => {
            if (event.fail) throw new EnvelopeError('NOT_FOUND', 'No such page.');
            return success('hello');
          };`,
          resolveDir: __dirname,
        },
        alias: { 'cdk-plumbline/runtime': './assets/runtime/node-layer/nodejs/plumbline/index.js' },
        bundle: true,
        platform: 'node',
        format,
        write: false,
        logLevel: 'error',
      });
      const code = { [format === 'cjs' ? 'index.js' : 'index.mjs']: outputFiles[0].text };
      await LambdaFunction.with({ generation, code }, async fn => {
        const event = httpEvent({ requestContext: { requestId: 'gateway-1' } });
        expect(JSON.parse((JSON.parse((await fn.invoke(event)).body) as { body: string }).body)).toMatchObject({
          request_id: 'gateway-1', data: 'hello',
        });
        expect((await fn.invoke({ ...event, fail: true })).body).toContain('No such page.');
      });
    });

  test('a Bedrock client is there for a function that wants one, and not loaded for another', async () => {
    const code = {
      'index.mjs': `
        import { BedrockClientFactory } from 'cdk-plumbline/runtime';
        import { createRequire } from 'node:module';
        const loaded = () => Object.keys(createRequire(import.meta.url).cache).filter(file => file.endsWith('/bedrock.js')).length;
        export const handler = async () => {
          const before = loaded();
          const client = BedrockClientFactory.create({ taskType: 'synthesis' });
          return [before, loaded(), typeof client.send];
        };`,
    };
    await LambdaFunction.with({ generation, code }, async fn => expect(await dataOf(fn)).toEqual([0, 1, 'function']));
  });
});

describe.each(GENERATIONS)('on %s a start that fails says why in the log and nothing to the caller', (_name, generation) => {
  test.each<[string, string, Record<string, string>, string]>([
    ['no such file', 'index.handler', {}, 'Runtime.ImportModuleError'],
    ['no such export', 'index.main', { 'index.js': HELLO }, 'Runtime.HandlerNotFound'],
    ['an export that is no function', 'index.handler', {
      'index.js': 'exports.handler = "arn:aws:iam::123456789012:role/chat";',
    }, 'Runtime.HandlerNotFound'],
    ['a syntax error', 'index.handler', { 'index.js': 'exports.handler = (' }, 'Runtime.UserCodeSyntaxError'],
    ['an error while the module loads', 'index.handler', {
      'index.js': 'throw new Error("arn:aws:iam::123456789012:role/chat");',
    }, 'LambdaInitError'],
    ['a rejected top-level await', 'index.handler', {
      'index.mjs': 'await Promise.reject(new Error("arn:aws:iam::123456789012:role/chat"));',
    }, 'LambdaInitError'],
    ['no handler name', 'index', { 'index.js': HELLO }, 'Runtime.MalformedHandlerName'],
    ['a handler name that leaves the function', '../index.handler', { 'index.js': HELLO }, 'Runtime.MalformedHandlerName'],
    ['a streaming handler of another kind', 'index.handler', {
      'index.js': 'exports.handler = awslambda.streamifyResponse(async () => {});',
    }, 'Runtime.MalformedStreamingHandler'],
  ])('%s', async (_what, handler, code, errorType) => {
    await LambdaFunction.with({ generation, code, handler }, async fn => {
      const { body } = await fn.startError();
      const { errorMessage } = JSON.parse(body) as { errorMessage: string };
      expect(JSON.parse(body)).toMatchObject({ errorType, errorMessage: expect.stringMatching(/^The function could not start/) as string });
      expect(body).not.toMatch(/arn:|123456789012|\/var\/task/);
      await fn.ended;
      const [line] = (await fn.log()).filter(record => record.event === 'init_failed');
      expect(errorMessage).toContain(line.support_ref);
    });
  });

  test('an unknown kind', async () => {
    await LambdaFunction.with({ generation, code: { 'index.js': HELLO }, environment: { PLUMBLINE_KIND: 'HTTP' } }, async fn => {
      await fn.startError();
      expect(fn.output).toContain('not one of AUTO, API, EVENT, STREAM');
    });
  });
});

describe.each(GENERATIONS)('the IAM probe on %s', (_name, generation) => {
  type Use<T> = (fn: LambdaFunction, aws: FakeAws) => Promise<T>;

  async function withRole<T>(answers: FakeAnswers, options: Partial<FunctionOptions>, use: Use<T>): Promise<T> {
    const aws = await FakeAws.start(answers);
    const environment = { PLUMBLINE_PROBE: 'BASIC', AWS_ENDPOINT_URL: aws.url, ...options.environment };
    try {
      return await LambdaFunction.with({ generation, code: { 'index.js': HELLO }, ...options, environment }, fn => use(fn, aws));
    } finally {
      aws.close();
    }
  }

  test('lets a function start whose role is as it should be', async () => {
    await withRole({}, {}, async (fn, aws) => {
      expect(await dataOf(fn)).toBe('hello');
      expect(aws.requests.map(({ action }) => action).sort()).toEqual(['GetCallerIdentity', 'ListFoundationModels']);
      expect(fn.output).not.toContain('iam_');
    });
  });

  test('fails the init when listing models is denied', async () => {
    await withRole({ ListFoundationModels: DENIED }, {}, async fn => {
      const { body, headers } = await fn.startError();
      expect(headers['lambda-runtime-function-error-type']).toBe('LambdaInitException');
      expect(body).not.toMatch(/arn:|123456789012/);
      expect(await fn.ended).not.toBe(0);
      const [line] = (await fn.log()).filter(record => record.event === 'iam_validation_failed');
      expect(line).toMatchObject({ action: 'bedrock:ListFoundationModels', role_arn: 'arn:aws:iam::123456789012:role/chat-role' });
    });
  });

  test('fails the init when nothing is allowed at all', async () => {
    await withRole({ GetCallerIdentity: DENIED_STS, ListFoundationModels: DENIED }, {}, async fn => {
      expect((await fn.startError()).errorType).toBe('LambdaInitException');
      const denied = (await fn.log()).filter(record => record.event === 'iam_validation_failed');
      expect(denied.map(({ action }) => action)).toEqual(['sts:GetCallerIdentity', 'bedrock:ListFoundationModels']);
    });
  });

  test('of level DEEP asks for each model, and fails the init when one is denied', async () => {
    const environment = {
      PLUMBLINE_PROBE: 'DEEP', PLUMBLINE_PROBE_MODELS: 'anthropic.claude-3-haiku-20240307-v1:0,us.amazon.nova-pro-v1:0',
    };
    await withRole({}, { environment }, async (fn, aws) => {
      expect(await dataOf(fn)).toBe('hello');
      expect(aws.requests.filter(({ action }) => action === 'InvokeModel').map(({ path }) => decodeURIComponent(path)).sort()).toEqual([
        '/model/anthropic.claude-3-haiku-20240307-v1:0/invoke', '/model/us.amazon.nova-pro-v1:0/invoke',
      ]);
      expect(fn.output).not.toContain('iam_');
    });
    await withRole({ InvokeModel: DENIED }, { environment }, async fn => {
      expect((await fn.startError()).errorType).toBe('LambdaInitException');
      const denied = (await fn.log()).filter(record => record.event === 'iam_validation_failed');
      expect(denied).toMatchObject([
        { action: 'bedrock:InvokeModel', model_id: 'anthropic.claude-3-haiku-20240307-v1:0' },
        { model_id: 'us.amazon.nova-pro-v1:0' },
      ]);
    });
  });

  test('costs two seconds at most when the control plane hangs, and lets the function start with a warning', async () => {
    const start = Date.now();
    const hanging = { status: 200, hang: 'at once' } as const;
    await withRole({ GetCallerIdentity: hanging, ListFoundationModels: hanging }, {}, async fn => {
      expect(await dataOf(fn)).toBe('hello');
      expect(Date.now() - start).toBeLessThan(6000);
      expect((await fn.log()).filter(record => record.event === 'iam_probe_skipped')).toMatchObject([
        { level: 'WARN', action: 'sts:GetCallerIdentity', reason: 'no answer within 2000 ms' }, { action: 'bedrock:ListFoundationModels' },
      ]);
    });
  });

  test('hears a denial that comes while the user\'s module blocks the process', async () => {
    const code = { 'index.js': `const end = Date.now() + 2600; while (Date.now() < end); ${HELLO}` };
    await withRole({ ListFoundationModels: DENIED }, { code }, async fn => {
      expect((await fn.startError()).errorType).toBe('LambdaInitException');
    });
  });
});
