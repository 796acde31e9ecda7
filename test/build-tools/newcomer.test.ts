import { Command, commandsOf, NOT_RUN, selectCommands, shellBlocks } from '../../build-tools/newcomer/commands';
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

  test('no reason is given for a script that is not there', () => {
    expect(Object.keys(NOT_RUN).filter(name => !(name in scripts))).toEqual([]);
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
