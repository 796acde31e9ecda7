import { spawn } from 'child_process';
import { once } from 'events';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { RUNTIME_ENVIRONMENT } from '../../../src/contract/data';
import { NODE_22, NODE_24 } from '../../support/runtime-generations';

const LAYER_HANDLER = join(__dirname, '../../..', RUNTIME_ENVIRONMENT.layers.node.asset, 'nodejs/plumbline/handler.mjs');
const { name: HANDLER } = RUNTIME_ENVIRONMENT.variables.handler;

/** Answers, and logs on behalf of the answered call for as long as the process lives. */
const SCRIPT = `
  const { handler } = await import(${JSON.stringify(LAYER_HANDLER)});
  await handler({ requestContext: { http: {} } }, { awsRequestId: 'request', getRemainingTimeInMillis: () => 30_000 });`;
const FUNCTION = 'exports.handler = async () => { setInterval(() => console.log("still here"), 10); };';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'closed-log-'));
  writeFileSync(join(folder, 'talker.js'), FUNCTION);
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['Node.js 22', NODE_22.node],
  ['Node.js 24', NODE_24.node],
])('a function whose log is closed ends, on %s', async (_name, node) => {
  const child = spawn(node, ['--input-type=module', '-e', SCRIPT], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH, [HANDLER]: 'talker.handler', LAMBDA_TASK_ROOT: folder },
  });
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const limit = setTimeout(() => child.kill('SIGKILL'), 20_000);
  expect(await once(child, 'exit')).toEqual([1, null]);
  clearTimeout(limit);
});
