import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { runtimePython } from '../../build-tools/runtime-python';
import type { FaultyBedrockServer } from '../../test/support/faulty-bedrock-server/faulty-bedrock-server';

const ROOT = join(__dirname, '..', '..');
const SOURCES = [join(ROOT, 'runtime', 'python'), join(ROOT, 'test', 'runtime-python')].join(':');

export interface PythonRun {
  readonly outcome: string;
  readonly code: string;
  readonly ms: number;
  readonly attempts: number | null;
}

/** What the Python client, and boto3's as it comes, made of a fault. */
export interface PythonRow {
  readonly ours: PythonRun;
  readonly raw: PythonRun;
}

/** The same faults through the Python client, by name; those that boto3 has no operation for are absent. */
export async function pythonFaults(server: FaultyBedrockServer, giveUpMs: number): Promise<Readonly<Record<string, PythonRow>>> {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-python-faults-'));
  try {
    const certificate = join(folder, 'certificate.pem');
    writeFileSync(certificate, server.certificate.cert);
    const child = spawn(join(runtimePython(), 'python'), ['-m', 'bedrock.support.fault_run'], {
      env: { PATH: process.env.PATH, PYTHONPATH: SOURCES, PYTHONDONTWRITEBYTECODE: '1', AWS_DEFAULT_REGION: 'us-east-1' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.end(JSON.stringify({ ports: server.ports, certificate, giveUpMs }));
    return JSON.parse(await text(child.stdout)) as Record<string, PythonRow>;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
