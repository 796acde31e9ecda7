import { spawnSync } from 'child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { setTimeout as sleep } from 'timers/promises';
import { aloneWith } from '../../../build-tools/bundle/alone';

const newMark = () => join(mkdtempSync(join(tmpdir(), 'plumbline-alone-')), 'assets', '.unfinished');

test('two who build at once build one after the other', async () => {
  const mark = newMark();
  const events: string[] = [];
  const build = (name: string) => aloneWith(mark, async isUnfinished => {
    events.push(`+${name}`);
    await sleep(50);
    expect(existsSync(mark)).toBe(true);
    events.push(`-${name}${isUnfinished ? ', after an unfinished one' : ''}`);
  });
  await Promise.all([build('a'), build('b')]);
  expect(events).toEqual(['+a', '-a', '+b', '-b']);
  expect(existsSync(mark)).toBe(false);
});

test('a build that fails leaves its mark', async () => {
  const mark = newMark();
  await expect(aloneWith(mark, async () => { throw new Error('no space left'); })).rejects.toThrow('no space left');
  expect(existsSync(mark)).toBe(true);
});

test('who builds after one that was stopped is told so', async () => {
  const mark = newMark();
  await aloneWith(mark, async () => {});
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  writeFileSync(mark, String(pid));
  const told: boolean[] = [];
  await aloneWith(mark, async isUnfinished => { told.push(isUnfinished); });
  expect(told).toEqual([true]);
  expect(existsSync(mark)).toBe(false);
});
