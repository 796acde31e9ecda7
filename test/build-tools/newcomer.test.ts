import { mkdtempSync, readFileSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Command, commandsOf, minutesOf, NOT_RUN, PAGES_NOT_RUN, selectCommands, shellBlocks } from '../../build-tools/newcomer/commands';
import { RunRecord } from '../../build-tools/newcomer/record';
import { ROOT } from '../../build-tools/testing/programs';
import { scripts } from '../../package.json';

describe('what is read from a page', () => {
  test('the commands of a block in sh, without comments and empty lines', () => {
    expect(shellBlocks('text\n```sh\nnpm ci && npm test   # all\n\n# why\nnpx a \\\n  --b\n```\n')).toEqual([
      ['npm ci && npm test', 'npx a   --b'],
    ]);
  });

  test('no other block, and a # inside a word is none', () => {
    expect(shellBlocks('```ts\nnpm x\n```\n```sh\ncurl a#b\n```\n```text\nnpm y\n```\n')).toEqual([['curl a#b']]);
  });
});

describe('the commands of this repository', () => {
  const commands = commandsOf(ROOT);
  const linesOf = ({ lines }: Command) => lines;

  test('names are unique', () => {
    expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length);
  });

  test('the README\'s are run in both orders, each from nothing', () => {
    const [first, second] = commands;
    expect(first.lines).toEqual(['npm ci && npm run demo', 'npm ci && npm test']);
    expect(second.lines).toEqual([...first.lines].reverse());
    expect([first.bare, second.bare]).toEqual([true, true]);
  });

  test('every npm script is run, or its reason not to be is given', () => {
    const lines = commands.flatMap(linesOf).join('\n');
    const missing = Object.keys(scripts).filter(name => !(name in NOT_RUN) && !new RegExp(`npm (run )?${name}$`, 'm').test(lines));
    expect(missing).toEqual([]);
  });

  test('no reason is given for a script that is not there, nor for a page without commands', () => {
    expect(Object.keys(NOT_RUN).filter(name => !(name in scripts))).toEqual([]);
    expect(Object.keys(PAGES_NOT_RUN).filter(page => shellBlocks(readFileSync(join(ROOT, page), 'utf8')).length === 0)).toEqual([]);
  });

  test('every example is among them', () => {
    expect(commands.filter(({ folder }) => folder?.startsWith('examples/')).length).toBeGreaterThan(0);
  });
});

describe('the choice', () => {
  const commands: Command[] = ['integ', 'integ:update', 'examples/a', 'examples/b'].map(name => ({ name, lines: [] }));
  const chosen = (only?: string) => selectCommands(commands, only).map(({ name }) => name);

  test.each([
    [undefined, ['integ', 'integ:update', 'examples/a', 'examples/b']],
    ['integ', ['integ']],
    ['examples/', ['examples/a', 'examples/b']],
    ['integ:update, examples/a', ['integ:update', 'examples/a']],
  ])('%s', (only, expected) => {
    expect(chosen(only)).toEqual(expected);
  });

  test.each(['x', '', 'integ,x'])('"%s" is refused, and the names are listed', only => {
    expect(() => chosen(only)).toThrow(/Commands: integ; integ:update; examples\/a; examples\/b\.$/);
  });
});

describe('the record of a commit', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'newcomer-')), 'cache', 'newcomer.json');
  const passed = (name: string, commit: string) => new RunRecord(file, commit).hasPassed(name);

  test('knows what has passed on it, in a later run too, and of a command the last outcome', () => {
    const record = new RunRecord(file, 'one');
    for (const ok of [true, false]) record.add({ name: 'b', seconds: 2, ok });
    record.add({ name: 'a', seconds: 1, ok: true });
    expect([passed('a', 'one'), passed('b', 'one'), passed('c', 'one')]).toEqual([true, false, false]);
    expect(new RunRecord(file, 'one').all.map(({ name }) => name)).toEqual(['b', 'a']);
  });

  test('knows nothing of another commit, nor from half a file', () => {
    expect(passed('a', 'two')).toBe(false);
    writeFileSync(file, '{ "commit": "one", "outc');
    expect(passed('a', 'one')).toBe(false);
  });
});

test.each(['0', '-1', '1.5', 'x', ''])('--within %p is refused, and says what is meant', given => {
  expect(() => minutesOf(given)).toThrow(/^--within: .*such as 50\.$/);
});
