import { ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { FaultyPorts } from '../../test/support/faulty-bedrock-server/faulty-bedrock-server';

const ROOT = join(__dirname, '..', '..');

export interface FaultyServerProcess {
  readonly server: ChildProcess;
  readonly ports: FaultyPorts;
}

/** The faulty Bedrock in a process of its own, so that its work does not count as the client's. */
export async function startFaultyServer(): Promise<FaultyServerProcess> {
  const server = spawn(process.execPath, ['-r', 'tsx/cjs', join(ROOT, 'test/support/faulty-bedrock-server/main.ts'), '--lifetime', '600'], {
    stdio: ['pipe', 'pipe', 'inherit'], cwd: ROOT,
  });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: server.stdout }).once('line', resolve);
    server.once('exit', code => reject(new Error(`the server ended with ${code}`)));
  });
  return { server, ports: JSON.parse(line) as FaultyPorts };
}

/** What a process needs to call it through the factory's client. */
export function environmentFor(port: number, plan: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: `http://127.0.0.1:${port}/fault/${plan}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    PLUMBLINE_PRODUCT: 'Bench',
    PLUMBLINE_SERVICE_NAME: 'bench',
  };
}
