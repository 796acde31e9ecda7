import { execFileSync, spawnSync } from 'child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { runtimePython } from '../../../build-tools/runtime-python';

/** What a fake program does when it is called. */
export interface Answer {
  readonly out?: string;
  readonly error?: string;
  readonly code?: number;
  readonly seconds?: number;
}

const LOOK_MS = 30_000;
const METADATA = { ResourceArn: 'arn:aws:sagemaker:eu-west-1:111122223333:notebook-instance/own', ResourceName: 'own' };

/** Each call is written down; the answer is that of the file that is named after the first words of the call. */
const FAKE = `#!/bin/bash
root="$(dirname "$0")/../answers"
echo "$(basename "$0") $*" >> "$root/calls"
case "$(basename "$0")" in aws) name="aws-$2" ;; *) name="curl-\${!#}"; name="curl-\${name##*/}" ;; esac
source "$root/$name"
`;

/** Runs nobody as somebody else: it only writes down who was asked for. */
const RUNUSER = '#!/bin/bash\necho "runuser $*" >> "$(dirname "$0")/../answers/calls"\nshift 3\nexec "$@"\n';

/** Past the shims of a version manager, which put programs of their own before the fakes. */
const PYTHON = `#!/bin/bash\nexec '${join(runtimePython(), 'python')}' "$@"\n`;

/** A folder that looks like a notebook instance to its scripts, with fakes of the programs that reach out of it. */
export class NotebookSandbox {
  public readonly root = mkdtempSync(join(tmpdir(), 'plumbline-notebook-'));
  private readonly home = join(this.root, 'opt/plumbline');

  constructor(private readonly script: string) {
    for (const folder of ['bin', 'answers', 'opt/ml/metadata', 'home/ec2-user/SageMaker']) {
      mkdirSync(join(this.root, folder), { recursive: true });
    }
    writeFileSync(join(this.root, 'opt/ml/metadata/resource-metadata.json'), JSON.stringify(METADATA));
    for (const [name, text] of [['aws', FAKE], ['curl', FAKE], ['runuser', RUNUSER], ['python3', PYTHON]]) {
      writeFileSync(join(this.root, 'bin', name), text);
      chmodSync(join(this.root, 'bin', name), 0o755);
    }
    this.reset();
  }

  /** As it is after a start: an endpoint that serves, and nobody who works. */
  public reset(): void {
    this.answer('aws-describe-endpoint', { out: '{"EndpointStatus":"InService"}' });
    for (const call of ['stop-notebook-instance', 'create-endpoint']) this.answer(`aws-${call}`, {});
    for (const what of ['kernels', 'terminals']) this.answer(`curl-${what}`, { out: '[]' });
    rmSync(join(this.root, 'answers/calls'), { force: true });
    rmSync(join(this.home, 'state.json'), { force: true });
  }

  public answer(call: string, { out = '', error = '', code = 0, seconds = 0 }: Answer): void {
    const quoted = (text: string) => `'${text.replaceAll('\'', '\'\\\'\'')}'`;
    writeFileSync(join(this.root, 'answers', call),
      `sleep ${seconds}\nprintf '%s\\n' ${quoted(out)}\nprintf '%s\\n' ${quoted(error)} >&2\nexit ${code}\n`);
  }

  /** The start of the instance; how long it took, in milliseconds. */
  public start(): number {
    const began = Date.now();
    execFileSync('bash', ['-c', this.inside(this.script)], { env: this.env(), timeout: LOOK_MS, stdio: ['ignore', 'ignore', 'inherit'] });
    return Date.now() - began;
  }

  /** One more look, as the loop takes it; `secondsLater`, as if so much time had gone by since the last activity. */
  public look(secondsLater = 0): Record<string, any> {
    const { last = Math.floor(Date.now() / 1000), ...state } = this.read('opt/plumbline/state.json') ?? {};
    writeFileSync(join(this.home, 'state.json'), JSON.stringify({ ...state, last: last - secondsLater }));
    const { status, stderr } = spawnSync(join(this.root, 'bin/python3'), [join(this.home, 'watch.py')], {
      env: this.env(), encoding: 'utf8', timeout: LOOK_MS,
    });
    if (status !== 0) throw new Error(`the look ended with ${status}: ${stderr}`);
    return this.status()!;
  }

  /** Changes what the script told the watcher. */
  public tell(change: object): void {
    writeFileSync(join(this.home, 'settings.json'), JSON.stringify({ ...this.read('opt/plumbline/settings.json'), ...change }));
  }

  public status(): Record<string, any> | undefined {
    return this.read('home/ec2-user/SageMaker/plumbline/status.json');
  }

  public page(): Record<string, any> {
    return this.read('home/ec2-user/SageMaker/plumbline/status.ipynb')!;
  }

  public calls(program: string): string[] {
    const file = join(this.root, 'answers/calls');
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(line => line.startsWith(program)) : [];
  }

  /** The process of the loop, which leads a group of its own; undefined where it has ended. */
  public loop(): number | undefined {
    const pid = Number(readFileSync(join(this.home, 'loop.pid'), 'utf8'));
    return isAlive(pid) ? pid : undefined;
  }

  public remove(): void {
    const pid = existsSync(join(this.home, 'loop.pid')) ? this.loop() : undefined;
    if (pid) process.kill(-pid, 'SIGKILL');
    rmSync(this.root, { recursive: true, force: true });
  }

  public read(path: string): Record<string, any> | undefined {
    const file = join(this.root, path);
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  }

  /** The same script with all its folders inside this one, and less patience with a program that hangs. */
  private inside(script: string): string {
    return script.replace(/(?<![\w}])\/(opt|home)\//g, `${this.root}/$1/`).replace('timeout=45', 'timeout=2');
  }

  private env(): NodeJS.ProcessEnv {
    return { PATH: `${join(this.root, 'bin')}:/usr/bin:/bin`, LANG: 'C.UTF-8' };
  }
}

/** What nobody waited for stays as a zombie where no process of the machine collects it. */
export function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
}
