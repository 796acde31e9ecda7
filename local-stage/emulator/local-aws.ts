import { mkdirSync } from 'fs';
import { join } from 'path';
import { localEnvironment, withThisNodeFirst } from './local-environment';
import { DemoError } from '../system/demo-error';
import { LOOPBACK } from '../system/ports';
import { Programs } from '../system/programs';
import { until } from '../system/until';

const PRELOAD = join(__dirname, 'opt-layers.cjs');
const PYTHON_PRELOAD = join(__dirname, 'python-functions');
const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 50;
const KEPT_OUTPUT = 2_000;
const SHOWN_LINES = 4;

export interface LocalAwsOptions {
  readonly python: string;
  readonly port: number;
  /** A folder that is removed at the end. */
  readonly folder: string;
  /** Where functions find the services that are not the emulator's. */
  readonly endpoints: { readonly bedrockRuntime: string; readonly sageMakerRuntime: string };
}

/** The emulator as it runs. */
export interface LocalAws {
  readonly url: string;
  /** What each function writes is kept here, in a file by its name. */
  readonly logs: string;
  /** Rejects when the emulator ends by itself. */
  readonly failure: Promise<never>;
}

/** Starts the emulator on loopback, and waits until it answers. */
export async function startLocalAws(programs: Programs, options: LocalAwsOptions): Promise<LocalAws> {
  const url = `http://${LOOPBACK}:${options.port}`;
  const logs = join(options.folder, 'function-logs');
  mkdirSync(logs, { recursive: true });
  let output = '';
  const server = programs.start(options.python, ['-m', 'ministack'], {
    cwd: options.folder,
    env: { ...serverEnvironment(options, url), ...functionEnvironment(options, logs) },
    onOutput: text => { output = (output + text).slice(-KEPT_OUTPUT); },
  });
  const failure = new Promise<never>((_resolve, reject) => {
    server.once('error', reject);
    server.once('close', (code, signal) => {
      const lastWords = output.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
      reject(new DemoError(`The local AWS ended with ${signal ?? `exit code ${code}`}.`, `Its last words:\n${lastWords}`));
    });
  });
  failure.catch(() => undefined); // It ends in the clean-up too, when nobody waits for it.
  await Promise.race([untilItAnswers(url), failure]);
  return { url, logs, failure };
}

function serverEnvironment({ port, folder }: LocalAwsOptions, url: string): NodeJS.ProcessEnv {
  const [temporary, state] = ['tmp', 'state'].map(name => join(folder, name));
  for (const place of [temporary, state]) mkdirSync(place, { recursive: true });
  const { AWS_ENDPOINT_URL: _ofClients, ...environment } = localEnvironment(url);
  return {
    ...environment,
    PATH: withThisNodeFirst(process.env.PATH),
    BIND_HOST: LOOPBACK,
    GATEWAY_PORT: String(port),
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    DOCKER_HOST: 'unix:///nonexistent',
    TMPDIR: temporary,
    STATE_DIR: state,
    S3_DATA_DIR: join(state, 's3'),
  };
}

/** What functions inherit from the emulator. */
function functionEnvironment({ endpoints }: LocalAwsOptions, logs: string): NodeJS.ProcessEnv {
  return {
    PYTHONPATH: PYTHON_PRELOAD,
    PYTHONDONTWRITEBYTECODE: '1',
    NODE_OPTIONS: `--require ${JSON.stringify(PRELOAD)}`,
    LOCAL_STAGE_LOGS: logs,
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: endpoints.bedrockRuntime,
    AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: endpoints.sageMakerRuntime,
  };
}

async function untilItAnswers(url: string): Promise<void> {
  if (await until(() => answers(url), { patienceMs: PATIENCE_MS, lookEveryMs: LOOK_EVERY_MS })) return;
  throw new Error(`The local AWS did not answer within ${PATIENCE_MS / 1000} s.`);
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/_ministack/health`).then(response => response.ok, () => false);
}
