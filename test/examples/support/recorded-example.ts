import { spawn } from 'child_process';
import { createServer, Server } from 'http';
import type { AddressInfo } from 'net';
import { join } from 'path';
import { runtimePython } from '../../../build-tools/runtime-python';
import { readPrompt } from '../../../cli/prompts/prompt-file';
import type { AlarmTemplate } from '../../support/cloudwatch/alarms';
import { FakeCloudWatch } from '../../support/fake-cloudwatch';
import { FakePromptRegistry } from '../../support/prompt-registry/fake-prompt-registry';
import { deployed, KEY_ARN, published } from '../../support/prompt-registry/signed-prompts';
import { httpEvent } from '../../support/runtime-events';
import { FakeAws } from '../../support/runtime-fake-aws';
import { FunctionOptions, LambdaFunction } from '../../support/runtime-function';
import { emittedMetrics, EmittedMetric } from '../../support/runtime-log';
import { PYTHON_NEWEST } from '../../support/runtime-pythons';

/** What the metrics of a service are when it answers, and when it fails. */
export interface RecordedService {
  readonly answered: readonly EmittedMetric[];
  /** By the code of the error. */
  readonly failed: Readonly<Record<string, readonly EmittedMetric[]>>;
}

export interface RecordedExample {
  readonly services: Readonly<Record<'chat' | 'cart' | 'recommendation' | 'picks', RecordedService>>;
  /** By language: what a service of the example emits with each error code. */
  readonly failing: Readonly<Record<'Node' | 'Python', RecordedService['failed']>>;
}

interface FunctionProperties {
  readonly Code: { S3Key: string };
  readonly Runtime: string;
  readonly Environment: { Variables: Record<string, unknown> };
}
interface ContainerProperties {
  readonly Command: readonly [python: string, file: string];
  readonly Environment: { Name: string; Value: string }[];
}

const EXAMPLE = join(__dirname, '..', '..', '..', 'examples', 'manga-assist');
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' };
const CONVERSE_ANSWER = JSON.stringify({
  output: { message: { role: 'assistant', content: [{ text: 'Try "Space Cooks".' }] } },
  stopReason: 'end_turn',
  usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
  metrics: { latencyMs: 1 },
});
const PROMPTS = ['manga_system', 'shop_blurb'];
const UNKNOWN_ERROR = 'INTERNAL_ERROR';
/** With which the CDK ends a logical id. */
const HASH_DIGITS = 8;
/** Handlers that fail as they are told: with a code of the standard, or with an error that it does not know. */
const FAILING = {
  Node: `
    const { EnvelopeError } = require('cdk-plumbline/runtime');
    exports.handler = async ({ body }) => {
      const { code } = JSON.parse(body);
      throw code === '${UNKNOWN_ERROR}' ? new Error('unknown') : new EnvelopeError(code, 'told to fail');
    };`,
  Python: [
    'import json',
    'from plumbline import EnvelopeError',
    'def handler(event, context):',
    '    code = json.loads(event["body"])["code"]',
    `    raise RuntimeError("unknown") if code == "${UNKNOWN_ERROR}" else EnvelopeError(code, "told to fail")`,
  ].join('\n'),
};

/** The services of a synthesised example, run once each under what runs them in AWS, with all that they ask for answered here. */
export class ExampleRecorder {
  public static async with<T>(template: AlarmTemplate, assembly: string, use: (recorder: ExampleRecorder) => Promise<T>): Promise<T> {
    const [probe, registry] = await Promise.all([FakeAws.start(), filledRegistry()]);
    const services = createServer((request, response) => response.end(request.url?.endsWith('/converse') ? CONVERSE_ANSWER : '{}'));
    await new Promise<void>(resolve => services.listen(0, '127.0.0.1', resolve));
    try {
      return await use(new ExampleRecorder(template, assembly, environmentOf(services, probe), registry.url));
    } finally {
      probe.close();
      registry.stop();
      services.closeAllConnections();
      services.close();
    }
  }

  private constructor(
    private readonly template: AlarmTemplate,
    private readonly assembly: string,
    private readonly environment: Record<string, string>,
    private readonly registryUrl: string,
  ) {}

  public async record(codes: readonly string[]): Promise<RecordedExample> {
    const [chat, cart, recommendation, picks, Node, Python] = await Promise.all([
      this.service('Chat', { body: '{"message":"Anything about cooks?"}' }),
      this.service('Cart', { body: '{"cart_id":"c1","title_id":"space-cooks","quantity":1}' }),
      this.service('Recommendation', { queryStringParameters: { query: 'cooks in space' } }, {
        queryStringParameters: { query: `cooks ${'in space '.repeat(23)}` },
      }),
      this.container(),
      this.failing('Chat', { 'index.js': FAILING.Node }, codes),
      this.failing('Recommendation', { 'recommendation.py': FAILING.Python }, codes),
    ]);
    return { services: { chat, cart, recommendation, picks }, failing: { Node, Python } };
  }

  /**
   * Runs the synthesised function under the real runtime interface client: a good request, one with more text than its prompt takes, if
   * any, and an event that it cannot handle.
   */
  private async service(id: string, event: object, tooLong?: object): Promise<RecordedService> {
    return LambdaFunction.with(this.options(id), async fn => {
      const answered = await metricsOf(fn, async () => {
        const answer = JSON.parse((await fn.invoke(httpEvent(event))).body) as { statusCode: number };
        expect([id, answer.statusCode]).toEqual([id, 200]);
      });
      if (tooLong) {
        const { body } = JSON.parse((await fn.invoke(httpEvent(tooLong))).body) as { body: string };
        expect(JSON.parse(body)).toMatchObject({
          status: 'partial', data: { titles: ['space-cooks'] }, error: { code: 'CONTEXT_TOO_LARGE' },
        });
      }
      const failed = await metricsOf(fn, async () => expect([id, (await fn.invoke(null)).kind]).toEqual([id, 'error']));
      return { answered, failed: { [UNKNOWN_ERROR]: failed } };
    });
  }

  /** The same function with other code, which fails with each of the codes. */
  private async failing(id: string, code: FunctionOptions['code'], codes: readonly string[]): Promise<RecordedService['failed']> {
    return LambdaFunction.with({ ...this.options(id), code }, async fn => {
      const failed: Record<string, readonly EmittedMetric[]> = {};
      for (const one of codes) {
        failed[one] = await metricsOf(fn, async () => {
          const answer = JSON.parse((await fn.invoke(httpEvent({ body: JSON.stringify({ code: one }) }))).body) as { body: string };
          expect((JSON.parse(answer.body) as { error: { code: string } }).error.code).toBe(one);
        });
      }
      return failed;
    });
  }

  /** Runs the container's code as a process, until its metrics have come. */
  private async container(): Promise<RecordedService> {
    const [{ Command: [, file], Environment }] =
      this.only('AWS::ECS::TaskDefinition').ContainerDefinitions as unknown as ContainerProperties[];
    const cloudWatch = await FakeCloudWatch.start('well');
    const { CI: _ci, CODEBUILD_BUILD_ID: _build, ...inherited } = process.env;
    const picks = spawn(join(runtimePython(), 'python'), [file], {
      cwd: join(EXAMPLE, 'services', 'picks'),
      stdio: 'ignore',
      env: {
        ...inherited,
        ...this.environment,
        ...Object.fromEntries(Environment.map(({ Name, Value }) => [Name, Value])),
        ...CREDENTIALS,
        AWS_ENDPOINT_URL_CLOUDWATCH: cloudWatch.url,
        ECS_CONTAINER_METADATA_URI_V4: 'http://169.254.170.2/v4/some-container',
        PYTHONPATH: join(EXAMPLE, '..', '..', 'runtime', 'python'),
        PYTHONDONTWRITEBYTECODE: '1',
      },
    });
    const ended = new Promise<number | null>(resolve => picks.on('close', resolve));
    while (cloudWatch.calls === 0 && picks.exitCode === null) await new Promise(resolve => setTimeout(resolve, 100));
    picks.kill('SIGTERM');
    expect(await ended).toBe(0);
    cloudWatch.stop();
    return { answered: cloudWatch.emitted, failed: {} };
  }

  private options(id: string): FunctionOptions {
    const [properties] = Object.entries(this.template.Resources)
      .filter(([logicalId, { Type }]) => Type === 'AWS::Lambda::Function' && logicalId.slice(0, -HASH_DIGITS) === id)
      .map(([, resource]) => resource.Properties as FunctionProperties);
    const variables = Object.fromEntries(Object.entries(properties.Environment.Variables)
      .map(([name, value]) => [name, typeof value === 'string' ? value : `${name}-at-deployment`]));
    return {
      code: join(this.assembly, `asset.${properties.Code.S3Key.replace('.zip', '')}`),
      handler: variables.PLUMBLINE_HANDLER,
      ...(properties.Runtime.startsWith('python') && { python: PYTHON_NEWEST }),
      environment: { ...variables, ...this.environment, ...variables.PLUMBLINE_PROMPTS && promptsOf(this.registryUrl) },
    };
  }

  private only(type: string): Record<string, unknown> {
    return Object.values(this.template.Resources).find(({ Type }) => Type === type)!.Properties as Record<string, unknown>;
  }
}

/** The example's prompts, each as it stands in Git, published and deployed. */
async function filledRegistry(): Promise<FakePromptRegistry> {
  const registry = await FakePromptRegistry.start();
  for (const id of PROMPTS) {
    const { prompt: { version, content, variables } } = readPrompt(join(EXAMPLE, 'prompts', `${id}.prompt.md`), EXAMPLE);
    const document = published({ id, version, content, variables });
    registry.put(document);
    registry.deploy(deployed(document.release, { id }));
  }
  return registry;
}

function promptsOf(url: string): Record<string, string> {
  const place = { bucket: 'prompts', table: 'prompts', key: KEY_ARN, region: CREDENTIALS.AWS_REGION, environment: 'prod' };
  return {
    PLUMBLINE_PROMPTS: JSON.stringify({ ...place, prompts: Object.fromEntries(PROMPTS.map(id => [id, {}])) }),
    AWS_ENDPOINT_URL_DYNAMODB: url,
    AWS_ENDPOINT_URL_S3: url,
    AWS_ENDPOINT_URL_KMS: url,
  };
}

/** What a function logs of metrics while something is done with it. */
async function metricsOf(fn: LambdaFunction, act: () => Promise<void>): Promise<EmittedMetric[]> {
  const before = fn.output.length;
  await act();
  await fn.log();
  return emittedMetrics(fn.output.slice(before));
}

function environmentOf(services: Server, probe: FakeAws): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(services.address() as AddressInfo).port}`,
    AWS_ENDPOINT_URL_BEDROCK: probe.url,
    AWS_ENDPOINT_URL_STS: probe.url,
  };
}
