import { ChildProcess, spawn } from 'child_process';
import { cpSync, mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

const ROOT = join(__dirname, '..', '..');
// Outside of this project, whose packages it would find: a service without the SDK has none anywhere above the runtime.
const RUNTIME = mkdtempSync(join(tmpdir(), 'plumbline-container-'));
cpSync(join(ROOT, 'assets', 'runtime', 'node-layer', 'nodejs', 'plumbline'), RUNTIME, { recursive: true });
afterAll(() => rmSync(RUNTIME, { recursive: true, force: true }));
const READY = 'ready\n';
const PRELUDE = `
  const { emitMetric, flushMetrics } = require(${JSON.stringify(join(RUNTIME, 'index.js'))});
  const ready = () => process.stdout.write(${JSON.stringify(READY)});`;

/** The program of a service, and where it runs. */
export interface ContainerOptions {
  /** JavaScript that sees the runtime's `emitMetric` and `flushMetrics`, and `ready()`, which tells the test. */
  readonly program: string;
  readonly cloudWatch: string;
  /** @default true */
  readonly hasSdk?: boolean;
}

/** How a service ended, and what it wrote. */
export interface ContainerEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From the moment it was ready, or from the start without one. */
  readonly milliseconds: number;
}

/** A service in a container: a process of its own, with the built runtime and the SDK of its own. */
export class ContainerProcess {
  private readonly child: ChildProcess;
  private readonly written = { stdout: '', stderr: '' };
  private since = Date.now();

  public readonly ready: Promise<void>;
  public readonly end: Promise<ContainerEnd>;

  constructor({ program, cloudWatch, hasSdk = true }: ContainerOptions) {
    this.child = spawn(process.execPath, ['-e', `${PRELUDE}\n${program}`], {
      // The runtime looks for the SDK in the service's folder, too.
      cwd: hasSdk ? ROOT : '/',
      env: { ...environment(), AWS_ENDPOINT_URL_CLOUDWATCH: cloudWatch },
    });
    for (const stream of ['stdout', 'stderr'] as const) {
      this.child[stream]!.setEncoding('utf8').on('data', (text: string) => { this.written[stream] += text; });
    }
    this.ready = new Promise(resolve => this.child.stdout!.on('data', () => {
      if (!this.written.stdout.includes(READY)) return;
      this.since = Date.now();
      resolve();
    }));
    this.end = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code, signal) => resolve({ code, signal, ...this.written, milliseconds: Date.now() - this.since }));
    });
  }

  public kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

function environment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(AWS_|NODE_OPTIONS$|CI$|CODEBUILD_)/.test(name));
  return {
    ...Object.fromEntries(inherited),
    ECS_CONTAINER_METADATA_URI_V4: 'http://169.254.170.2/v4/some-container',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    PLUMBLINE_PRODUCT: 'Shop',
    PLUMBLINE_ENVIRONMENT: 'prod',
    PLUMBLINE_SERVICE_NAME: 'worker',
  };
}
