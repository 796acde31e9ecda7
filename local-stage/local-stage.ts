import { mkdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { alarmsOfIdleService } from './assembly/idle-service';
import { LeftOut, Template } from './assembly/local-template';
import { watchContainer } from './container/container';
import { deployCopy } from './deploy-copy';
import { lookUpStack } from './deployed';
import { BedrockControlPlane } from './emulator/bedrock-control-plane';
import { BedrockStandIn } from './emulator/bedrock-stand-in';
import { CdkCli } from './emulator/cdk';
import { EmulatorClient } from './emulator/emulator-client';
import { LocalAws, startLocalAws } from './emulator/local-aws';
import { localEnvironment } from './emulator/local-environment';
import { PythonEnvironment } from './emulator/python-environment';
import { replayEditedPrompt } from './incidents/edited-prompt';
import { replayHangingRegion } from './incidents/hanging-region';
import { replayRawTraceback } from './incidents/raw-traceback';
import { replayRenamedMetric } from './incidents/renamed-metric';
import { Stage } from './incidents/stage';
import { SynthResults } from './incidents/synth-cases';
import { replayWildcardRole } from './incidents/wildcard-role';
import { prepare } from './preparation';
import { PromptPipeline } from './prompt-registry/prompt-pipeline';
import { releasePrompts, tryNextPrompt } from './prompt-release';
import { allAsExpected, DemoReport, IncidentReport, Observation } from './report/demo-report';
import { Progress } from './report/progress';
import { sendRequests } from './requests';
import { SYNTHESISED } from './synthesis-line';
import { CleanUp } from './system/clean-up';
import { freePort } from './system/ports';
import { Programs } from './system/programs';
import { bin, ROOT } from './system/project';
import { useOwnTemporaryFolder } from '../build-tools/temporary-folder';

/** The apps and their stacks: the product, the functions that the incidents happened to, and what a newcomer copies from the README. */
const APPS = {
  MangaAssist: join(ROOT, 'examples', 'manga-assist', 'app.ts'),
  Incidents: join(__dirname, 'incident-stack', 'app.ts'),
  Chat: join(__dirname, 'readme-stack', 'app.ts'),
};
/** The code of the container that the product runs. */
const PICKS = join(ROOT, 'examples', 'manga-assist', 'services', 'picks');
type StackName = keyof typeof APPS;
const STACKS = Object.keys(APPS) as StackName[];

interface Synthesis {
  /** Resolves when the apps can be deployed. */
  readonly apps: Promise<void>;
  readonly results: Promise<SynthResults>;
}

interface Servers {
  readonly aws: LocalAws;
  readonly bedrock: BedrockStandIn;
  readonly client: EmulatorClient;
  readonly controlPlane: BedrockControlPlane;
}

type Findings = Omit<DemoReport, 'seconds' | 'installedInSeconds'>;

export interface LocalStageOptions {
  readonly programs: Programs;
  readonly cleanUp: CleanUp;
  readonly progress: Progress;
  readonly port?: number;
}

/** The whole demo: prepare, synthesise, deploy, call, replay. What it started ends with `cleanUp`. */
export class LocalStage {
  private readonly folder: string;
  private readonly programs: Programs;
  private readonly progress: Progress;

  constructor(private readonly options: LocalStageOptions) {
    this.programs = options.programs;
    this.progress = options.progress;
    this.folder = useOwnTemporaryFolder('plumbline-demo-');
    options.cleanUp.add(() => this.programs.stop());
  }

  public async run(): Promise<Omit<DemoReport, 'seconds'>> {
    const port = await freePort(this.options.port);
    const { environment, installedInSeconds } = await prepare(this.programs, this.progress);
    const servers = await this.startServers(environment, port);
    const findings = await Promise.race([this.play(environment, servers), servers.aws.failure]);
    return { installedInSeconds, ...findings };
  }

  private async play(environment: PythonEnvironment, servers: Servers): Promise<Findings> {
    const { apps, results } = this.synthesise(servers);
    const cdk = new CdkCli(this.programs, servers.aws.url, this.folder);
    const pipeline = PromptPipeline.start(this.programs, servers.aws.url, this.ownFolder('prompts'));
    await Promise.all([
      this.progress.step('Bootstrap the local AWS', () => cdk.bootstrap()),
      this.progress.step('Synthesise the example and check it', () => apps),
    ]);
    const [leftOut, container] = await Promise.all([
      this.progress.step('Deploy to the local AWS', () => this.deploy(cdk, environment, servers)),
      this.progress.step('Run the container', () => this.runContainer(environment, servers)),
    ]);
    const lookUp = { ...servers.aws, client: servers.client };
    const [product, incidentStack, readmeStack] = await Promise.all(STACKS.map(name => lookUpStack(lookUp, name)));
    const { requests, prompts, incidents } = await this.callAndReplay({
      product,
      incidents: incidentStack,
      client: servers.client,
      bedrock: servers.bedrock,
      pipeline,
      synth: results,
    });
    const report = {
      checks: Object.entries((await results).findings).map(([pack, count]) => ({ pack, findings: count })),
      deployedResources: product.resourceCount,
      functionsRunOn: `Node ${process.version} and Python ${environment.version}`,
      leftOut,
      readme: { deployedResources: readmeStack.resourceCount, ringingWhileIdle: this.ringingWhileIdle() },
      container,
      requests,
      prompts,
      incidents,
    };
    return { ok: allAsExpected(report), ...report };
  }

  private async startServers({ python }: PythonEnvironment, port: number): Promise<Servers> {
    const { cleanUp } = this.options;
    const bedrock = await BedrockStandIn.start();
    cleanUp.add(() => bedrock.stop());
    const endpoints = { bedrockRuntime: bedrock.url, sageMakerRuntime: bedrock.refusingUrl };
    const aws = await this.progress.step(`Start the local AWS on port ${port}`, () =>
      startLocalAws(this.programs, { python, port, folder: this.folder, endpoints }));
    const client = new EmulatorClient(aws.url);
    const controlPlane = await BedrockControlPlane.start((role, action) => client.mayDo(role, action));
    cleanUp.add(() => controlPlane.stop());
    return { aws, bedrock, client, controlPlane };
  }

  /** Returns what is left out of the product. */
  private async deploy(cdk: CdkCli, { knownTypes }: PythonEnvironment, { controlPlane }: Servers): Promise<readonly LeftOut[]> {
    const [ofProduct] = await Promise.all(STACKS.map(stack => deployCopy({
      cdk,
      folder: this.folder,
      stack,
      source: this.assembly(stack),
      knownTypes,
      controlPlaneOf: role => controlPlane.endpointFor(role),
    })));
    return ofProduct;
  }

  private runContainer({ python }: PythonEnvironment, { aws, bedrock, client }: Servers): Promise<Observation> {
    return watchContainer(this.programs, client, {
      python, template: this.template('MangaAssist'), code: PICKS, endpoints: { aws: aws.url, bedrockRuntime: bedrock.url },
    });
  }

  private ringingWhileIdle(): string[] {
    return alarmsOfIdleService(this.template('Chat'));
  }

  private template(name: StackName): Template {
    return JSON.parse(readFileSync(join(this.assembly(name), `${name}.template.json`), 'utf8')) as Template;
  }

  private assembly(name: StackName): string {
    return join(this.folder, 'synthesised', name);
  }

  /** The library comes from src/: what is shown is what stands in this checkout, built or not. */
  private synthesise({ aws, bedrock }: Servers): Synthesis {
    const temporary = this.ownFolder('tmp');
    const apps = STACKS.flatMap(name => [APPS[name], this.assembly(name)]);
    let announce: () => void;
    const synthesised = new Promise<void>(resolve => { announce = resolve; });
    let output = '';
    const results = this.programs.run(
      bin('tsx'),
      [join(__dirname, 'synthesis.ts'), this.ownFolder('synth-cases'), ...apps],
      {
        cwd: ROOT,
        env: { ...localEnvironment(aws.url), TMPDIR: temporary, LOCAL_STAGE_BEDROCK: bedrock.url },
        onOutput: text => {
          output += text;
          if (output.includes(`\n${SYNTHESISED}\n`)) announce();
        },
      }).then(({ stdout }) => JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as SynthResults);
    results.catch(() => undefined); // Awaited later too, by the incidents that need it.
    return { apps: Promise.race([synthesised, results.then(() => undefined)]), results };
  }

  private ownFolder(name: string): string {
    const folder = join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Side by side: the hanging Region alone takes as long as the chat may. */
  private async callAndReplay(stage: Stage): Promise<Pick<DemoReport, 'requests' | 'prompts' | 'incidents'>> {
    const [{ requests, prompts, edited }, hanging, others] = await Promise.all([
      this.callAndReplayPrompts(stage),
      this.progress.step('Replay: hanging region', () => replayHangingRegion(stage)),
      this.replayOthers(stage),
    ]);
    return { requests, prompts, incidents: [hanging, edited, ...others] };
  }

  /** In turn: each starts functions, and on a busy machine many starts at once miss their time limits. */
  private async replayOthers(stage: Stage): Promise<readonly IncidentReport[]> {
    return [
      await this.progress.step('Replay: renamed metric', () => replayRenamedMetric(stage)),
      await this.progress.step('Replay: raw traceback', () => replayRawTraceback(stage)),
      await this.progress.step('Replay: wildcard role', () => replayWildcardRole(stage)),
    ];
  }

  /** In turn: the chat has no words before they are released, and is asked until somebody edits them. */
  private async callAndReplayPrompts(stage: Stage) {
    const released = await this.progress.step('Release the prompts', () => releasePrompts(stage));
    const requests = await this.progress.step('Send requests through the API', () => sendRequests(stage));
    const prompts = await this.progress.step('Try a second version of a prompt', () => tryNextPrompt(stage, released));
    const edited = await this.progress.step('Replay: edited prompt', () => replayEditedPrompt(stage));
    return { requests, prompts, edited };
  }
}
