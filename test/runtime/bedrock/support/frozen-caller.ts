import { ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What one call of the frozen process came to, measured by its own clock. */
export interface ToldCall {
  readonly outcome: string;
  readonly attempts: number;
  readonly ms: number;
}

const CALLER = join(__dirname, 'frozen-caller-process.ts');

/** A process that calls Bedrock when it is told to, and that can be frozen as Lambda freezes a function: everything stops but the time. */
export class FrozenCaller {
  public static async start(url: string): Promise<FrozenCaller> {
    const child = fork(CALLER, [url], { execArgv: ['--no-warnings', '-r', 'tsx/cjs'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const caller = new FrozenCaller(child);
    await caller.next();
    return caller;
  }

  private constructor(private readonly child: ChildProcess) {}

  /** Begins a call; whoever wants to know how it ends asks for `next`. With slow credentials it does not reach the network for so long. */
  public begin(credentialsMs = 0): void {
    this.child.send({ credentialsMs });
  }

  public async next(): Promise<ToldCall> {
    return (await once(this.child, 'message'))[0] as ToldCall;
  }

  public async freeze(ms: number): Promise<void> {
    this.child.kill('SIGSTOP');
    await new Promise(resolve => setTimeout(resolve, ms));
    this.child.kill('SIGCONT');
  }

  public stop(): void {
    this.child.kill('SIGKILL');
  }
}
