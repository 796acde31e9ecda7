import { delimiter, join } from 'path';
import { Template } from '../assembly/local-template';
import { EmulatorClient, MetricSeries } from '../emulator/emulator-client';
import { localEnvironment } from '../emulator/local-environment';
import { Observation } from '../report/demo-report';
import { Programs } from '../system/programs';
import { ROOT } from '../system/project';
import { until } from '../system/until';

const LAYER = join(ROOT, 'assets', 'runtime', 'python-layer');
/** Where an image built with the runtime and Powertools would have them. */
const PACKAGES = ['python', 'plumbline-packages'].map(folder => join(LAYER, folder));
const PATIENCE_MS = 15_000;
const LOOK_EVERY_MS = 250;

export interface ContainerOptions {
  readonly python: string;
  /** The template with the task definition, as it was synthesised. */
  readonly template: Template;
  /** The folder with the container's code. */
  readonly code: string;
  readonly endpoints: { readonly aws: string; readonly bedrockRuntime: string };
}

interface Container {
  readonly Command: readonly string[];
  readonly Environment: readonly { readonly Name: string; readonly Value: string }[];
}

/** Runs the container of the only task definition as a process on this machine: the emulator runs none without Docker. */
export async function watchContainer(programs: Programs, client: EmulatorClient, options: ContainerOptions): Promise<Observation> {
  const { Command: [, ...args], Environment } = containerOf(options.template);
  const variables = Object.fromEntries(Environment.map(({ Name, Value }) => [Name, Value]));
  programs.start(options.python, args, { cwd: options.code, env: { ...environmentOf(options), ...variables } });
  const watched = seriesOfAlarms(options.template, variables.PLUMBLINE_SERVICE_NAME);
  const found = await untilAllAreThere(watched, client);
  return {
    moment: 'run',
    claim: 'its code, run here as a process, sends metrics by PutMetricData under what its alarms watch',
    evidence: watched.map(series => `${series}: ${found.has(series) ? 'there' : 'never came'}`),
    asExpected: watched.length > 0 && watched.every(series => found.has(series)),
  };
}

function containerOf({ Resources }: Template): Container {
  const task = Object.values(Resources).find(({ Type }) => Type === 'AWS::ECS::TaskDefinition');
  return (task!.Properties!.ContainerDefinitions as readonly Container[])[0];
}

function environmentOf({ endpoints }: ContainerOptions): NodeJS.ProcessEnv {
  // Pipelines run the demo too, and there the runtime would take the log.
  const { CI: _ci, CODEBUILD_BUILD_ID: _build, ...environment } = localEnvironment(endpoints.aws);
  return {
    ...environment,
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: endpoints.bedrockRuntime,
    ECS_CONTAINER_METADATA_URI_V4: 'http://169.254.170.2/v4/local-stage',
    PYTHONPATH: PACKAGES.join(delimiter),
    PYTHONDONTWRITEBYTECODE: '1',
  };
}

/** What the alarms of a service watch. */
function seriesOfAlarms({ Resources }: Template, service: string): string[] {
  return Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => Properties as unknown as Partial<MetricSeries>)
    .filter(({ Dimensions = [] }) => Dimensions.some(({ Name, Value }) => Name === 'service_name' && Value === service))
    .map(watched => inWords(watched as MetricSeries));
}

function inWords({ Namespace, MetricName, Dimensions }: MetricSeries): string {
  return [Namespace, MetricName, ...Dimensions.map(({ Name, Value }) => `${Name}=${Value}`).sort()].join(' ');
}

async function untilAllAreThere(watched: readonly string[], client: EmulatorClient): Promise<ReadonlySet<string>> {
  let found: ReadonlySet<string> = new Set();
  await until(async () => {
    found = new Set((await client.metrics()).map(inWords));
    return watched.every(series => found.has(series));
  }, { patienceMs: PATIENCE_MS, lookEveryMs: LOOK_EVERY_MS });
  return found;
}
