import { join } from 'path';
import { parseArgs } from 'util';
import { runCommand, say } from './command-line';
import { Command, commandsOf, NOT_RUN, selectCommands } from './newcomer/commands';
import { FreshCopy } from './newcomer/copy';
import { table } from './table';
import { useOwnTemporaryFolder } from './temporary-folder';
import { LimitedPrograms, ROOT } from './testing/programs';

const HELP = `npx projen newcomer                              every command that the repository offers, on a fresh copy of the last commit
npx projen newcomer --only bench,examples        only these; the beginning of a name stands for all that begin so
npx projen newcomer --list                       the commands, and those that are not run, with the reason`;

/** The benches take longest, with `npm run build`. */
const LIMIT_MS = 60 * 60_000;
const SHOWN_LINES = 30;

interface Outcome {
  readonly name: string;
  readonly seconds: number;
  readonly ok: boolean;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { only: { type: 'string' }, list: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help) return say(HELP);
  const all = commandsOf(ROOT);
  if (values.list) return say(list(all));

  const chosen = selectCommands(all, values.only);
  const programs = new LimitedPrograms(LIMIT_MS);
  programs.stopWhenInterrupted();
  const copy = new FreshCopy(ROOT, join(useOwnTemporaryFolder('plumbline-newcomer-'), 'copy'), programs);
  const outcomes: Outcome[] = [];
  for (const command of chosen) outcomes.push(await outcomeOf(command, copy));
  say(`\n${table(['command', 'seconds', 'ok'], outcomes.map(({ name, seconds, ok }) => [name, seconds, ok ? 'ok' : 'FAILED']))}`);
  return outcomes.every(({ ok }) => ok) ? 0 : 1;
}

async function outcomeOf(command: Command, copy: FreshCopy): Promise<Outcome> {
  say(`  …  ${command.name}: ${command.lines.join('; ')}`);
  let output = '';
  const start = Date.now();
  const error = await copy.run(command, text => { output += text; }).then(() => undefined, (reason: Error) => reason.message);
  if (error) say([...output.trimEnd().split('\n').slice(-SHOWN_LINES), error].join('\n').replace(/^/gm, '     | '));
  return { name: command.name, seconds: Math.round((Date.now() - start) / 1000), ok: error === undefined };
}

function list(commands: readonly Command[]): string {
  const run = commands.map(({ name, lines }) => `${name.padEnd(24)} ${lines.join('; ')}`);
  const notRun = Object.entries(NOT_RUN).map(([name, reason]) => `${name.padEnd(24)} ${reason}`);
  return [...run, '\nnot run:', ...notRun].join('\n');
}

runCommand(main);
