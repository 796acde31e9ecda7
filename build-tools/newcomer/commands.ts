import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';

/** What a newcomer types. */
export interface Command {
  readonly name: string;
  readonly lines: readonly string[];
  /** Relative to the root of the copy. */
  readonly folder?: string;
  /** Needs a copy without node_modules too: its lines install. */
  readonly bare?: boolean;
}

/** The npm scripts that are not run, each with its reason. */
export const NOT_RUN: Readonly<Record<string, string>> = {
  'clobber': 'throws the copy\'s work away and fetches from a remote that the copy does not have',
  'compat': 'compares with the version on npm; none is published yet',
  'eject': 'takes projen out of the repository',
  'mutate': 'over an hour; docs/quality.md holds its last result',
  'mutate:bedrock': 'mutation testing too, of roles and grants: too long to wait for',
  'mutate:governance': 'mutation testing too, of the checks: too long to wait for',
  'nightly': 'a quarter of an hour of the tests that `npm run unit` runs at a smaller count',
  'prompt-histories': 'twenty minutes; `npm run bench -- prompt-registry-model` runs fewer of them',
  'soak': 'minutes; docs/quality.md holds its last result',
  'newcomer': 'is what runs all of these',
  'projen': 'projen itself; every other script goes through it',
  'test:watch': 'waits for changes for ever',
  'watch': 'waits for changes for ever',
  'post-compile': 'a part of `build`, of no use without `compile` before it',
  'docgen': 'a part of `build`, of no use without `compile` before it',
  'package': 'a part of `build`, of no use without `compile` before it',
  'package-all': 'a part of `build`, of no use without `compile` before it',
  'package:js': 'a part of `build`, of no use without `compile` before it',
  'package:python': 'a part of `build`, of no use without `compile` before it',
};

const OF_A_USER = 'is typed in a user\'s own project, where the package is installed, and most of it with an account of AWS';

/** The pages whose blocks are not run, each with its reason. */
export const PAGES_NOT_RUN: Readonly<Record<string, string>> = Object.fromEntries(
  ['adoption', 'command', 'metrics-migration', 'models', 'operating', 'prompts', 'unit-tests-python']
    .map(page => [`docs/${page}.md`, OF_A_USER]));

/** Scripts that the README's own commands run. */
const OF_THE_README = ['demo', 'test'];

/** Everything that the repository offers to run, each to be run where nothing was built. */
export function commandsOf(root: string): Command[] {
  return [...readmeOrders(root), ...scripts(root), ...exampleApps(root), ...documented(root)];
}

/** The first block of the README, in its order and the other way round. */
function readmeOrders(root: string): Command[] {
  const [first] = shellBlocks(read(root, 'README.md'));
  const reversed = [...first].reverse();
  return [first, reversed].map(lines => ({ name: `README: ${lines.map(line => line.split(' ').at(-1)).join(', ')}`, lines, bare: true }));
}

function scripts(root: string): Command[] {
  const names = Object.keys((JSON.parse(read(root, 'package.json')) as { scripts: object }).scripts);
  return names.filter(name => !(name in NOT_RUN) && !OF_THE_README.includes(name)).map(name => ({ name, lines: [`npm run ${name}`] }));
}

function exampleApps(root: string): Command[] {
  return readdirSync(join(root, 'examples')).filter(name => existsSync(join(root, 'examples', name, 'cdk.json')))
    .map(name => ({ name: `examples/${name}`, folder: join('examples', name), lines: ['npx cdk synth --quiet'] }));
}

/** Every block of the pages but the README's first, and those of users. */
function documented(root: string): Command[] {
  const docs = readdirSync(join(root, 'docs')).filter(name => name.endsWith('.md')).sort().map(name => join('docs', name));
  return ['README.md', ...docs, join('runtime', 'README.md')].filter(page => !(page in PAGES_NOT_RUN)).flatMap(page => {
    const blocks = shellBlocks(read(root, page));
    return blocks.map((lines, index) => ({ name: `${page} ${index + 1}`, lines })).slice(page === 'README.md' ? 1 : 0);
  });
}

/** The commands of each block in `sh`, without comments. */
export function shellBlocks(markdown: string): string[][] {
  return [...markdown.matchAll(/^```sh\n([^]*?)^```$/gm)]
    .map(([, block]) =>
      block
        .replace(/\\\n/g, '')
        .split('\n')
        .map(line => line.replace(/(^|\s)#.*$/, '').trim())
        .filter(line => line !== ''),
    )
    .filter(lines => lines.length > 0);
}

/** The commands with the given names, comma-separated; all without a name. */
export function selectCommands(commands: readonly Command[], only: string | undefined): readonly Command[] {
  if (only === undefined) return commands;
  const names = only.split(',').map(name => name.trim());
  const unknown = names.filter(name => !commands.some(command => command.name.startsWith(name)) || name === '');
  if (unknown.length > 0) {
    throw new Error(`--only: no command is called "${unknown.join('", "')}". Commands: ${commands.map(({ name }) => name).join('; ')}.`);
  }
  // A name in full stands for itself alone: `integ` is not `integ:update`.
  const isNamed = (full: string, name: string): boolean =>
    full === name || (full.startsWith(name) && !commands.some(other => other.name === name));
  return commands.filter(command => names.some(name => isNamed(command.name, name)));
}

/** How long a run may begin commands; for ever where nothing is said. */
export function minutesOf(given: string | undefined): number {
  if (given === undefined) return Infinity;
  if (/^[1-9]\d*$/.test(given)) return Number(given);
  throw new RangeError(`--within: "${given}" is no number of minutes. Give a whole one above zero, such as 50.`);
}

function read(root: string, file: string): string {
  return readFileSync(join(root, file), 'utf8');
}
