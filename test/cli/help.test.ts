import { run } from '../../cli/program';
import { Console } from '../../cli/system/console';

/** What `--help` prints behind the words of a command. */
async function helpOf(...words: string[]): Promise<string> {
  const printed: string[] = [];
  const console = { print: (text: string) => printed.push(text), tell: (text: string) => printed.push(text) } as unknown as Console;
  expect(await run([...words, '--help'], console)).toBe(0);
  return printed.join('\n');
}

/** Every command that does something, found as a user finds it: in the help of what stands above it. */
async function findCommands(...above: string[]): Promise<string[][]> {
  const [, list] = /^Commands:\n([^]*?)(?:\n\n|(?![^]))/m.exec(await helpOf(...above)) ?? [];
  if (!list) return [above];
  const names = [...list.matchAll(/^ {2}([\w:-]+)/gm)].map(([, name]) => name).filter(name => name !== 'help');
  return (await Promise.all(names.map(name => findCommands(...above, name)))).flat();
}

test('the help of every command has examples that call it, and says what the exit codes mean', async () => {
  const commands = await findCommands();
  expect(commands.length).toBeGreaterThan(15);
  const helps = await Promise.all(commands.map(async words => ({ name: `plumbline ${words.join(' ')}`, help: await helpOf(...words) })));
  const examplesOf = (help: string) => /^Examples?:\n([^]*)/m.exec(help)?.[1] ?? '';
  expect(helps.filter(({ name, help }) => !examplesOf(help).includes(name)).map(({ name }) => name)).toEqual([]);
  expect(helps.filter(({ help }) => !/Exit codes: 0/.test(help)).map(({ name }) => name)).toEqual([]);
});
