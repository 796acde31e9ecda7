import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { FAULTS } from './faults';
import type { FaultyPorts } from './faulty-bedrock-server';

const MAIN = join(__dirname, 'main.ts');

function start(...options: string[]) {
  const child = spawn(process.execPath, ['--no-warnings', '-r', 'tsx/cjs', MAIN, ...options], { stdio: ['pipe', 'pipe', 'pipe'] });
  return { child, lines: createInterface({ input: child.stdout }), exit: once(child, 'exit') as Promise<[number | null, string | null]> };
}

test('the server can be run for any language, ordered about by HTTP, and ends with its parent', async () => {
  const { child, lines, exit } = start('--lifetime', '30');
  const [line] = await once(lines, 'line') as [string];
  const { http1 } = JSON.parse(line) as FaultyPorts;
  const url = `http://127.0.0.1:${http1}`;
  const converse = async (path = '', headers = {}) => (await fetch(`${url}${path}/model/m/converse`, { method: 'POST', headers })).status;

  await fetch(`${url}/__faults`, { method: 'PUT', body: JSON.stringify(['throttle', 'internal-error', 'ok']) });
  expect([await converse(), await converse(), await converse(), await converse()]).toEqual([429, 500, 200, 200]);
  expect(await converse('', { 'x-fault': 'unavailable' })).toBe(503);
  expect([
    await converse('/fault/validation,ok@a'),
    await converse('/fault/validation,ok@b'),
    await converse('/fault/validation,ok@a'),
  ]).toEqual([400, 400, 200]);
  expect(await converse('/fault/nonsense')).toBe(400);

  const listed = await (await fetch(`${url}/__faults`)).json() as { faults: string[] };
  expect(listed.faults).toEqual(Object.keys(FAULTS));
  const seen = await (await fetch(`${url}/__requests`)).json() as { fault: string }[];
  expect(seen.map(({ fault }) => fault).slice(0, 4)).toEqual(['throttle', 'internal-error', 'ok', 'ok']);
  await fetch(`${url}/__faults`, { method: 'DELETE' });
  expect(await (await fetch(`${url}/__requests`)).json()).toEqual([]);

  child.stdin.end();
  expect((await exit)[0]).toBe(0);
});

test('the server ends by itself after its lifetime', async () => {
  const { exit, lines } = start('--lifetime', '1');
  await once(lines, 'line');
  expect((await exit)[0]).toBe(0);
});

test('a wrong option is one clear line', async () => {
  const { child, exit } = start('--port', 'eighty');
  const [text] = await once(child.stderr, 'data') as [Buffer];
  expect([text.toString(), (await exit)[0]]).toEqual(['"eighty" is not a whole number\n', 2]);
});
