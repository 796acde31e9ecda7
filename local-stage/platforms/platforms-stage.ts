import { mkdirSync } from 'fs';
import { join } from 'path';
import { showImagePlatform } from './image-platform';
import { Platform } from './platform';
import { showTextPlatform } from './text-platform';
import { useOwnTemporaryFolder } from '../../build-tools/temporary-folder';
import type { FakeModel } from '../../test/support/sagemaker-fake/answers';
import { LeftOut, placeholderFor } from '../assembly/local-template';
import { deployCopy } from '../deploy-copy';
import { lookUpStack } from '../deployed';
import { CdkCli } from '../emulator/cdk';
import { EmulatorClient } from '../emulator/emulator-client';
import { LocalAws, startLocalAws } from '../emulator/local-aws';
import { localEnvironment } from '../emulator/local-environment';
import { PythonEnvironment } from '../emulator/python-environment';
import { SageMakerStandIn } from '../emulator/sagemaker-stand-in';
import { prepare } from '../preparation';
import { PlatformReport, platformsAsExpected, PlatformShow, PlatformsReport } from '../report/platforms-report';
import { Progress } from '../report/progress';
import { CleanUp } from '../system/clean-up';
import { freePort } from '../system/ports';
import { Programs } from '../system/programs';
import { bin, ROOT } from '../system/project';

/** A platform of the examples, and how it is shown. */
interface ShownPlatform {
  readonly name: string;
  readonly stack: string;
  /** The id of the platform in its stack. */
  readonly id: string;
  readonly example: string;
  readonly model: FakeModel;
  readonly show: (platform: Platform, out: string) => Promise<PlatformShow>;
}

const PLATFORMS: readonly ShownPlatform[] = [
  {
    name: 'The text platform',
    stack: 'TextPlatform',
    id: 'Summaries',
    example: 'examples/text-platform',
    model: 'falcon',
    show: showTextPlatform,
  },
  {
    name: 'The image platform',
    stack: 'ImagePlatform',
    id: 'Pictures',
    example: 'examples/image-platform',
    model: 'stable-diffusion',
    show: showImagePlatform,
  },
];

const ENDPOINT = 'AWS::SageMaker::Endpoint';
/** A port that nobody listens to: every function has the address of its own fake. */
const NOWHERE = 'http://127.0.0.1:9';

export interface PlatformsStageOptions {
  readonly programs: Programs;
  readonly cleanUp: CleanUp;
  readonly progress: Progress;
  readonly port?: number;
  /** The file that the picture is written to. */
  readonly out: string;
}

/** The demo of the two platforms: prepare, synthesise, deploy, call, look. What it started ends with `cleanUp`. */
export class PlatformsStage {
  private readonly folder: string;

  constructor(private readonly options: PlatformsStageOptions) {
    this.folder = useOwnTemporaryFolder('plumbline-platforms-');
    options.cleanUp.add(() => options.programs.stop());
  }

  public async run(): Promise<Omit<PlatformsReport, 'seconds'>> {
    const { cleanUp, port: wanted, programs, progress } = this.options;
    const port = await freePort(wanted);
    const { environment, installedInSeconds } = await prepare(programs, progress);
    const models = await Promise.all(PLATFORMS.map(({ model }) => SageMakerStandIn.start(model)));
    for (const model of models) cleanUp.add(() => model.stop());
    const { python, version } = environment;
    const aws = await progress.step(`Start the local AWS on port ${port}`, () =>
      startLocalAws(programs, { python, port, folder: this.folder, endpoints: { bedrockRuntime: NOWHERE, sageMakerRuntime: NOWHERE } }));
    const platforms = await Promise.race([this.play(environment, aws, models), aws.failure]);
    const ok = platformsAsExpected(platforms);
    return { ok, installedInSeconds, functionsRunOn: `Node ${process.version} and Python ${version}`, platforms };
  }

  private async play(environment: PythonEnvironment, aws: LocalAws, models: readonly SageMakerStandIn[]): Promise<PlatformReport[]> {
    const { programs, progress } = this.options;
    const cdk = new CdkCli(programs, aws.url, this.folder);
    await Promise.all([
      progress.step('Bootstrap the local AWS', () => cdk.bootstrap()),
      progress.step('Synthesise the platforms and check them', () => this.synthesise(aws)),
    ]);
    return Promise.all(PLATFORMS.map(async (platform, index) => {
      const { example, name, stack } = platform;
      const deployment = { cdk, environment, aws, model: models[index] };
      const leftOut = await progress.step(`Deploy ${stack} to the local AWS`, () => this.deploy(platform, deployment));
      const shown = await this.lookUp(platform, deployment);
      const show = await progress.step(`Call ${stack}`, () => platform.show(shown, this.options.out));
      return { name, example, deployedResources: shown.stack.resourceCount, leftOut, ...show };
    }));
  }

  /** Returns what is left out. */
  private async deploy({ stack }: ShownPlatform, deployment: Deployment): Promise<readonly LeftOut[]> {
    const { cdk, environment: { knownTypes }, aws, model } = deployment;
    return deployCopy({
      cdk,
      folder: this.folder,
      stack,
      source: this.assembly(stack),
      knownTypes,
      controlPlaneOf: () => aws.url,
      variables: { AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: model.url },
      onLeftOut: leftOut => {
        for (const { type, logicalId } of leftOut) if (type === ENDPOINT) model.serve(placeholderFor(logicalId));
      },
    });
  }

  private async lookUp({ stack, id }: ShownPlatform, { aws, model }: Deployment): Promise<Platform> {
    const client = new EmulatorClient(aws.url);
    const outputs = await client.outputsOf(stack);
    const output = (name: string): string => [...outputs].find(([logicalId]) => logicalId.startsWith(`${id}${name}`))![1];
    return {
      stack: await lookUpStack({ ...aws, client }, stack, `${id}Api`),
      client,
      model,
      websiteUrl: output('WebsiteUrl'),
      apiUrl: output('ApiUrl'),
      localAws: aws.url,
    };
  }

  private assembly(stack: string): string {
    return join(this.folder, 'synthesised', stack);
  }

  /** The library comes from src/: what is shown is what stands in this checkout, built or not. */
  private synthesise({ url }: LocalAws): Promise<unknown> {
    const temporary = join(this.folder, 'tmp');
    mkdirSync(temporary, { recursive: true });
    const apps = PLATFORMS.flatMap(({ example, stack }) => [join(ROOT, example, 'app.ts'), this.assembly(stack)]);
    return this.options.programs.run(bin('tsx'), [join(__dirname, 'synthesis.ts'), ...apps], {
      cwd: ROOT,
      // The CDK's own validation of the templates takes as long as the rest; `npm test` does it with every example.
      env: { ...localEnvironment(url), TMPDIR: temporary, CDK_VALIDATION: 'false' },
    });
  }
}

interface Deployment {
  readonly cdk: CdkCli;
  readonly environment: PythonEnvironment;
  readonly aws: LocalAws;
  readonly model: SageMakerStandIn;
}
