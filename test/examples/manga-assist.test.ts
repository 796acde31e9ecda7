import { spawn } from 'child_process';
import { createServer } from 'http';
import type { AddressInfo } from 'net';
import { join } from 'path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import { runtimePython } from '../../build-tools/runtime-python';
import { MangaAssistStack } from '../../examples/manga-assist/manga-assist-stack';
import { PlumblineChecks } from '../../src';
import { FakeCloudWatch } from '../support/fake-cloudwatch';
import { httpEvent } from '../support/runtime-events';
import { FakeAws } from '../support/runtime-fake-aws';
import { LambdaFunction } from '../support/runtime-function';
import { emittedMetrics } from '../support/runtime-log';
import { PYTHON_NEWEST } from '../support/runtime-pythons';

interface Resource { readonly Properties: Record<string, unknown> }
interface FunctionProperties {
  readonly Code: { S3Key: string };
  readonly Runtime: string;
  readonly Environment: { Variables: Record<string, unknown> };
}
interface ContainerProperties {
  readonly Command: readonly [python: string, file: string];
  readonly Environment: { Name: string; Value: string }[];
}
interface AlarmProperties {
  readonly AlarmName: string;
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: { Name: string; Value: string }[];
}

const EXAMPLE = join(__dirname, '..', '..', 'examples', 'manga-assist');
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' };
const CONVERSE_ANSWER = JSON.stringify({
  output: { message: { role: 'assistant', content: [{ text: 'Try "Space Cooks".' }] } },
  stopReason: 'end_turn',
  usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
  metrics: { latencyMs: 1 },
});

const app = new App();
const stack = new MangaAssistStack(app, 'MangaAssist', { environment: 'prod' });
const assembly = app.synth();
const template = Template.fromStack(stack);

function resources(type: string): Resource[] {
  return Object.values(template.findResources(type)) as unknown as Resource[];
}

describe('at synth', () => {
  test.each([new AwsSolutionsChecks(), new PlumblineChecks()])('$name finds nothing that is not acknowledged', pack => {
    expect(pack.validateScope(stack).violations).toEqual([]);
  });

  test('the checks are awake: a wildcard in the same stack does not synthesise', () => {
    const other = new App();
    const careless = new MangaAssistStack(other, 'MangaAssist', { environment: 'prod' });
    new Role(careless, 'Wildcard', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
      .addToPolicy(new PolicyStatement({ actions: ['bedrock:*'], resources: ['*'] }));
    const findings = [new AwsSolutionsChecks(), new PlumblineChecks()].flatMap(pack => pack.validateScope(careless).violations);
    expect(findings.map(finding => finding.ruleName)).toEqual(expect.arrayContaining([
      'AwsSolutions-IAM5[Action::bedrock:*]', 'PlumblineChecks-BedrockNoWildcard[Action::bedrock:*]',
    ]));
  });

  test('the task is looked at too: without one of its alarms it does not pass', () => {
    const other = new App();
    const careless = new MangaAssistStack(other, 'MangaAssist', { environment: 'prod' });
    careless.node.findChild('Picks').node.tryRemoveChild('LatencyEndToEndMsMissing');
    const findings = new PlumblineChecks().validateScope(careless).violations.map(({ ruleName }) => ruleName);
    expect(findings).toEqual(['PlumblineChecks-TaskHasMandatoryAlarms']);
  });

  test('no role holds a managed policy', () => {
    const roles = resources('AWS::IAM::Role');
    expect(roles.length).toBeGreaterThanOrEqual(4);
    expect(roles.filter(role => role.Properties.ManagedPolicyArns !== undefined)).toEqual([]);
  });
});

describe('the alarms', () => {
  const emitted = new Set<string>();

  beforeAll(async () => {
    const probe = await FakeAws.start();
    const services = createServer((request, response) => response.end(request.url?.endsWith('/converse') ? CONVERSE_ANSWER : '{}'));
    await new Promise<void>(resolve => services.listen(0, '127.0.0.1', resolve));
    const environment = {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(services.address() as AddressInfo).port}`,
      AWS_ENDPOINT_URL_BEDROCK: probe.url,
      AWS_ENDPOINT_URL_STS: probe.url,
    };
    try {
      await Promise.all([
        record('Chat', environment, { body: '{"message":"Anything about cooks?"}' }),
        record('Cart', environment, { body: '{"cart_id":"c1","title_id":"space-cooks","quantity":1}' }),
        record('Recommendation', environment, { queryStringParameters: { query: 'cooks in space' } }),
        recordPicks(environment),
      ]);
    } finally {
      probe.close();
      services.closeAllConnections();
      services.close();
    }
  }, 180_000);

  /** Runs the synthesised function under the real runtime interface client: a good request, and an event that it cannot handle. */
  async function record(id: string, environment: Record<string, string>, event: object): Promise<void> {
    const properties = functionProperties(id);
    const variables = Object.fromEntries(
      Object.entries(properties.Environment.Variables).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : `${name}-at-deployment`,
      ]),
    );
    const fn = await LambdaFunction.start({
      code: join(assembly.directory, `asset.${properties.Code.S3Key.replace('.zip', '')}`),
      handler: variables.PLUMBLINE_HANDLER,
      ...(properties.Runtime.startsWith('python') && { python: PYTHON_NEWEST }),
      environment: { ...variables, ...environment },
    });
    try {
      const good = JSON.parse((await fn.invoke(httpEvent(event))).body) as { statusCode: number };
      expect([id, good.statusCode]).toEqual([id, 200]);
      const bad = await fn.invoke(null);
      expect([id, bad.kind]).toEqual([id, 'error']);
      await fn.log();
      for (const { namespace, name, dimensions } of emittedMetrics(fn.output)) emitted.add(seriesKey(namespace, name, dimensions));
    } finally {
      await fn.stop();
    }
  }

  /** Runs the container's code as a process, until its metrics have come. */
  async function recordPicks(environment: Record<string, string>): Promise<void> {
    const [task] = resources('AWS::ECS::TaskDefinition');
    const [{ Command: [, file], Environment }] = task.Properties.ContainerDefinitions as ContainerProperties[];
    const cloudWatch = await FakeCloudWatch.start('well');
    const { CI: _ci, CODEBUILD_BUILD_ID: _build, ...inherited } = process.env;
    const picks = spawn(join(runtimePython(), 'python'), [file], {
      cwd: join(EXAMPLE, 'services', 'picks'),
      stdio: 'ignore',
      env: {
        ...inherited,
        ...environment,
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
    for (const { Namespace, MetricData } of cloudWatch.taken) {
      for (const { MetricName, Dimensions } of MetricData) {
        emitted.add(seriesKey(Namespace, MetricName, Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]))));
      }
    }
  }

  function functionProperties(id: string): FunctionProperties {
    const logicalId = stack.getLogicalId(stack.node.findChild(id).node.defaultChild as CfnFunction);
    return template.findResources('AWS::Lambda::Function')[logicalId].Properties as FunctionProperties;
  }

  const fromFilters = new Set(resources('AWS::Logs::MetricFilter').flatMap(filter =>
    (filter.Properties.MetricTransformations as { MetricNamespace: string; MetricName: string }[])
      .map(({ MetricNamespace, MetricName }) => seriesKey(MetricNamespace, MetricName, {}))));

  test.each(resources('AWS::CloudWatch::Alarm').map(alarm => alarm.Properties as unknown as AlarmProperties))(
    '$AlarmName watches a dimension set that is really emitted', alarm => {
      const dimensions = Object.fromEntries((alarm.Dimensions ?? []).map(({ Name, Value }) => [Name, Value]));
      expect([...emitted, ...fromFilters]).toContain(seriesKey(alarm.Namespace, alarm.MetricName, dimensions));
    });

  test('an alarm on another dimension set would be found out', () => {
    expect(emitted.size).toBeGreaterThan(10);
    expect(emitted).not.toContain(seriesKey('MangaAssist/Bedrock', 'InvocationCount', { service_name: 'chat' }));
  });
});

function seriesKey(namespace: string, name: string, dimensions: Record<string, string>): string {
  return `${namespace} ${name} ${JSON.stringify(Object.entries(dimensions).sort())}`;
}
