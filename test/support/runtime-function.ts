import { spawn, type ChildProcess } from 'child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { delimiter, dirname, join } from 'path';
import { RuntimeApiServer, type RuntimeAnswer } from './runtime-api-server';
import { NODE_24, type LambdaGeneration } from './runtime-generations';
import type { PythonGeneration } from './runtime-pythons';
import { RUNTIME_ENVIRONMENT } from '../../src/contract/data';

const ROOT = join(__dirname, '..', '..');
const { layers } = RUNTIME_ENVIRONMENT;
/** The Node this machine has; jest itself may run on Lambda's. */
export const MACHINE_NODE = (process.env.PATH ?? '').split(delimiter).filter(folder => !folder.includes('node_modules'))
  .map(folder => join(folder, 'node')).find(existsSync) ?? process.execPath;
const NODE_PATH = '/opt/nodejs/node24/node_modules:/opt/nodejs/node_modules:/var/runtime/node_modules:/var/runtime:/var/task';
/** Made in a file system that only the function sees, so that nothing is left on the machine. */
const TASK_FOLDER = '{ [ -d /var/task ] || { mount -t tmpfs tmpfs /var && mkdir /var/task; }; }';
/** Mounting needs root; without it, a namespace where this user is root. */
const NAMESPACE = process.getuid?.() === 0 ? ['-m'] : ['-rm'];
/** In the function's own folder, which goes with it. */
const HOSTS = '.hosts';
/** Of the output of a function that ended. */
const MAX_SHOWN = 2000;
/** As Lambda starts Node. */
const NODE_FLAGS = '--no-experimental-require-module --no-experimental-detect-module';

export interface FunctionOptions {
  /** The files of /var/task by name, or a folder to copy. */
  readonly code: Readonly<Record<string, string>> | string;
  readonly handler?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** @default Node.js 24 */
  readonly generation?: LambdaGeneration;
  /** A Python function, on this Python. */
  readonly python?: PythonGeneration;
  /** Another Node.js than that of the generation. */
  readonly node?: string;
  /** False: the function runs as Lambda would run it without us. */
  readonly layer?: boolean;
  /** Addresses by host name, for this function alone. */
  readonly hosts?: Readonly<Record<string, string>>;
}

/** A function under Lambda's real runtime interface client, with the layer at /opt and its code at /var/task. */
export class LambdaFunction {
  public static async start(options: FunctionOptions): Promise<LambdaFunction> {
    return new LambdaFunction(options, await RuntimeApiServer.start());
  }

  /** Starts a function for `use`, and stops it afterwards. */
  public static async with<T>(options: FunctionOptions, use: (fn: LambdaFunction) => Promise<T>): Promise<T> {
    const fn = await LambdaFunction.start(options);
    try {
      return await use(fn);
    } finally {
      await fn.stop();
    }
  }

  public output = '';
  /** Settles when the process ends. */
  public readonly ended: Promise<number | null>;
  private readonly task = mkdtempSync(join(tmpdir(), 'plumbline-task-'));
  private readonly process: ChildProcess;

  private constructor(options: FunctionOptions, private readonly api: RuntimeApiServer) {
    if (!existsSync(layerOf(options))) throw new Error('The layer is not built: run "npx projen bundle:runtime".');
    this.writeCode(options.code);
    const hosts = Object.entries({ localhost: '127.0.0.1', ...options.hosts }).map(([name, address]) => `${address} ${name}\n`);
    writeFileSync(join(this.task, HOSTS), hosts.join(''));
    this.process = spawn('unshare', [...NAMESPACE, 'sh', '-c', this.script(options)], {
      detached: true,
      env: { ...this.environment(options), ...options.environment },
    });
    for (const stream of [this.process.stdout!, this.process.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => { this.output += text; });
    }
    this.ended = new Promise(resolve => this.process.on('close', code => resolve(code)));
  }

  public async invoke(event: unknown = {}, timeoutMs?: number): Promise<RuntimeAnswer> {
    return Promise.race([this.api.invoke(event, timeoutMs), this.goneWithoutAnswer()]);
  }

  /** The error of a start, or of a restore, that must fail. */
  public async startError(): Promise<RuntimeAnswer> {
    const started = this.api.invoke({}).then(() => { throw new Error(`The function started: ${this.output}`); });
    return Promise.race([this.api.startError, started, this.goneWithoutAnswer()]);
  }

  /** Waits until Lambda would take the snapshot of the function. What it returns restores the function. */
  public async snapshot(): Promise<() => void> {
    return Promise.race([this.api.snapshot, this.goneWithoutAnswer()]);
  }

  private async goneWithoutAnswer(): Promise<never> {
    const code = await this.ended;
    throw new Error(`The function ended with code ${code}: ${this.output.slice(-MAX_SHOWN)}`);
  }

  /** The lines of the log that are JSON, after everything written so far has arrived. */
  public async log(): Promise<Record<string, unknown>[]> {
    await new Promise(resolve => setTimeout(resolve, 50));
    return this.output.split('\n').flatMap(line => {
      const start = line.indexOf('{');
      try {
        return start < 0 ? [] : [JSON.parse(line.slice(start)) as Record<string, unknown>];
      } catch {
        return [];
      }
    });
  }

  public async stop(): Promise<void> {
    try {
      process.kill(-this.process.pid!, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
    await this.ended;
    this.api.close();
    rmSync(this.task, { recursive: true, force: true });
  }

  private writeCode(code: FunctionOptions['code']): void {
    if (typeof code === 'string') return cpSync(code, this.task, { recursive: true });
    for (const [name, text] of Object.entries(code)) {
      mkdirSync(dirname(join(this.task, name)), { recursive: true });
      writeFileSync(join(this.task, name), text);
    }
  }

  private script(options: FunctionOptions): string {
    const { layer = true, generation = NODE_24, node = generation.node, hosts } = options;
    const mounts = [
      `mount --bind '${this.task}' /var/task`,
      ...(hosts ? [`mount --bind '${join(this.task, HOSTS)}' /etc/hosts`] : []),
      ...(layer ? [`mount --bind '${layerOf(options)}' /opt`] : []),
    ];
    const client = options.python ? `'${options.python.interpreter}' -m awslambdaric` : `'${node}' '${generation.client}'`;
    const start = `exec ${client} '${handlerGivenToLambda(options)}'`;
    return [TASK_FOLDER, ...mounts, 'cd /var/task', start].join(' && ');
  }

  private environment(options: FunctionOptions): NodeJS.ProcessEnv {
    const { handler = 'index.handler', layer = true, generation = NODE_24, python } = options;
    return {
      PATH: process.env.PATH,
      ...(python ? pythonVariables(python) : nodeVariables(generation)),
      _HANDLER: handlerGivenToLambda(options),
      ...(layer && { PLUMBLINE_HANDLER: handler }),
      PLUMBLINE_PRODUCT: 'MangaAssist',
      PLUMBLINE_ENVIRONMENT: 'test',
      PLUMBLINE_SERVICE_NAME: 'chat',
      LAMBDA_TASK_ROOT: '/var/task',
      AWS_LAMBDA_RUNTIME_API: this.api.address,
      AWS_LAMBDA_FUNCTION_NAME: 'under-test',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/under-test',
      AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      AWS_SESSION_TOKEN: 'a-session-token',
    };
  }
}

function nodeVariables({ major }: LambdaGeneration): NodeJS.ProcessEnv {
  return {
    NODE_PATH: NODE_PATH.replace('node24', `node${major}`), NODE_OPTIONS: NODE_FLAGS, AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${major}.x`,
  };
}

function pythonVariables({ version }: PythonGeneration): NodeJS.ProcessEnv {
  return {
    PYTHONPATH: `/var/task:/opt/python/lib/python${version}/site-packages:/opt/python`,
    PYTHONDONTWRITEBYTECODE: '1', // /var/task and /opt cannot be written in Lambda.
    AWS_EXECUTION_ENV: `AWS_Lambda_python${version}`,
  };
}

const layerOf = ({ python }: FunctionOptions): string => join(ROOT, (python ? layers.python : layers.node).asset);

function handlerGivenToLambda({ handler = 'index.handler', layer = true, python }: FunctionOptions): string {
  return layer ? (python ? layers.python : layers.node).handler : handler;
}
