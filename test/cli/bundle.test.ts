import { spawnSync } from 'child_process';
import { Workplace } from './support/command';
import { bundleCli } from '../../build-tools/bundle/cli';

let place: Workplace;
let sources: string[];
beforeAll(async () => {
  place = new Workplace();
  sources = await bundleCli(`${place.path}/plumbline.js`);
});
afterAll(() => place.remove());

function start(...args: string[]) {
  const begun = process.hrtime.bigint();
  const result = spawnSync(process.execPath, ['plumbline.js', ...args], { cwd: place.path, encoding: 'utf8' });
  return { ...result, ms: Number(process.hrtime.bigint() - begun) / 1e6 };
}

test('the command needs no CDK, and nothing else that is not in it', () => {
  expect(sources).toContain('src/governance/pack/findings.ts');
  expect(sources.filter(source => /aws-cdk|cdk-nag|node_modules\/constructs/.test(source))).toEqual([]);
  expect(start('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('Usage: plumbline') });
});

test('it ends with the code of the command, and keeps faults apart from the report', () => {
  place.write('t.json', { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } });
  expect(start('check', 't.json')).toMatchObject({ status: 0, stdout: expect.stringContaining('0 errors'), stderr: '' });
  expect(start('check', 'absent')).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(/absent does not exist\n$/) });
});

test('it starts in less than 0.4 s, on a machine that starts Node itself in 60 ms', () => {
  const times = Array.from({ length: 7 }, () => ({ command: start('--version').ms, bare: bareStartMs() }));
  const slowness = Math.max(1, Math.min(...times.map(({ bare }) => bare)) / 60);
  expect(Math.min(...times.map(({ command }) => command)) / slowness).toBeLessThan(400);
});

function bareStartMs(): number {
  const begun = process.hrtime.bigint();
  spawnSync(process.execPath, ['-e', '']);
  return Number(process.hrtime.bigint() - begun) / 1e6;
}
