import { execFile, type ExecFileException } from 'child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { promisify } from 'util';
import { fakeAws, NO_DELAYS } from './support/fake-aws';
import { functionEnvironment, LAMBDA_FLAGS, LOADED_BY_LAMBDA } from './support/lambda-process';
import { lambdaNode } from '../build-tools/lambda-node';
import { selfSignedCertificate } from '../test/support/faulty-bedrock-server/self-signed-certificate';

/** So many starts in a row on each Node; what happens once in a thousand is seen. */
const STARTS = Number(process.env.PLUMBLINE_STARTS ?? 2000);
const AT_ONCE = 2;
/** A process that ends by itself ends long before, on a busy machine too. */
const LIMIT_MS = 60_000;
const ROOT = join(__dirname, '..');
const HANDLER = join(ROOT, 'assets', 'runtime', 'node-layer', 'nodejs', 'plumbline', 'handler.mjs');

/** Starts the function, answers once, and says what is open that was not before. Ends by itself, or not. */
const SCRIPT = `
  import { writeSync } from 'node:fs';
  import { createRequire } from 'node:module';
  import { setTimeout } from 'node:timers/promises';
  const require = createRequire(import.meta.url);
  for (const module of ${JSON.stringify(LOADED_BY_LAMBDA)}) require(module);
  process.stdout.write('');
  process.stderr.write('');
  const before = process.getActiveResourcesInfo();
  const { handler } = await import(${JSON.stringify(HANDLER)});
  const answer = await handler({ requestContext: { http: {} } }, { awsRequestId: 'request', getRemainingTimeInMillis: () => 30_000 });
  const opened = () => process.getActiveResourcesInfo().filter(resource => !before.includes(resource));
  await setTimeout(50);
  // On a busy machine what closes a connection may still wait for its turn.
  for (let left = 20; left > 0 && opened().length > 0; left -= 1) await setTimeout(50);
  const open = opened();
  writeSync(2, JSON.stringify({ status: answer.statusCode, open }));`;

const run = promisify(execFile);

async function main(): Promise<void> {
  const folder = mkdtempSync(join(ROOT, 'node_modules', '.plumbline-bench-'));
  const certificate = selfSignedCertificate();
  const aws = await fakeAws(certificate, NO_DELAYS);
  try {
    writeFileSync(join(folder, 'plain.mjs'), 'export const handler = async () => 1;');
    const env = {
      PATH: process.env.PATH,
      ...functionEnvironment(folder, { url: aws.url, certificate: certificate.cert }),
      PLUMBLINE_HANDLER: 'plain.handler',
      PLUMBLINE_PROBE: 'BASIC',
    };
    for (const major of [22, 24] as const) await startOften(major, env);
  } finally {
    await aws.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startOften(major: 22 | 24, env: NodeJS.ProcessEnv): Promise<void> {
  const node = lambdaNode(major);
  const began = Date.now();
  const failures: string[] = [];
  let left = STARTS;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (left-- > 0) {
      const failure = await failureOf(node, env);
      if (failure) failures.push(failure);
    }
  }));
  const seconds = Math.round((Date.now() - began) / 1000);
  console.log(`Node.js ${major}: ${STARTS} starts in ${seconds} s, ${failures.length} of them crashed, left something open or did not end`);
  if (failures.length === 0) return;
  console.error([...new Set(failures)].slice(0, 5).join('\n'));
  process.exitCode = 1;
}

async function failureOf(node: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const { stderr } = await run(node, [...LAMBDA_FLAGS, '--input-type=module', '-e', SCRIPT], { env, timeout: LIMIT_MS });
    return stderr === JSON.stringify({ status: 200, open: [] }) ? undefined : stderr;
  } catch (error) {
    const { killed, signal, code, stderr } = error as ExecFileException & { readonly stderr: string };
    return `${killed ? `not ended after ${LIMIT_MS} ms` : `ended with ${signal ?? code}`}; it wrote: ${stderr}`;
  }
}

void main();
