import { execFileSync } from 'child_process';
import { join } from 'path';
import { parseArgs } from 'util';
import { runCommand, say } from './command-line';
import { Command, commandsOf, minutesOf, NOT_RUN, PAGES_NOT_RUN, selectCommands } from './newcomer/commands';
import { FreshCopy } from './newcomer/copy';
import { Outcome, RunRecord } from './newcomer/record';
import { table } from './table';
import { useOwnTemporaryFolder } from './temporary-folder';
import { LimitedPrograms, ROOT } from './testing/programs';

const HELP = `npx projen newcomer                              every command that the repository offers, on a fresh copy of the last commit
npx projen newcomer --only bench,examples        only these; the beginning of a name stands for all that begin so
npx projen newcomer --resume                     without those that have passed on this commit
npx projen newcomer --resume --within 50         begins no command after 50 minutes; the next run goes on
npx projen newcomer --list                       the commands, and those that are not run, with the reason`;

/** The benches take longest, with `npm run build`. */
const LIMIT_MS = 60 * 60_000;
const MINUTE_MS = 60_000;
const SHOWN_LINES = 30;
const RECORD = join(ROOT, 'node_modules', '.cache', 'plumbline', 'newcomer.json');

const OPTIONS = {
  only: { type: 'string' }, resume: { type: 'boolean' }, within: { type: 'string' }, list: { type: 'boolean' }, help: { type: 'boolean' },
} as const;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) return say(HELP);
  const all = commandsOf(ROOT);
  if (values.list) return say(list(all));

  const end = Date.now() + minutesOf(values.within) * MINUTE_MS;
  const record = new RunRecord(RECORD, execFileSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim());
  const chosen = selectCommands(all, values.only).filter(({ name }) => !values.resume || !record.hasPassed(name));
  const programs = new LimitedPrograms(LIMIT_MS);
  programs.stopWhenInterrupted();
  const copy = new FreshCopy(ROOT, join(useOwnTemporaryFolder('plumbline-newcomer-'), 'copy'), programs);
  const run: Outcome[] = [];
  for (const command of chosen) {
    if (Date.now() > end) break;
    const outcome = await outcomeOf(command, copy);
    record.add(outcome);
    run.push(outcome);
  }
  const shown = values.resume ? record.all : run;
  say(`\n${table(['command', 'seconds', 'ok'], shown.map(({ name, seconds, ok }) => [name, seconds, ok ? 'ok' : 'FAILED']))}`);
  const left = chosen.slice(run.length);
  if (left.length > 0) say(`\nnot begun: ${left.map(({ name }) => name).join('; ')}`);
  return left.length === 0 && shown.every(({ ok }) => ok) ? 0 : 1;
}

async function outcomeOf(command: Command, copy: FreshCopy): Promise<Outcome> {
  say(`  …  ${command.name}: ${command.lines.join('; ')}`);
  let output = '';
  const start = Date.now();
  const error = await copy.run(command, text => { output += text; }).then(() => undefined, (reason: Error) => reason.message);
  if (error) say([...output.trimEnd().split('\n').slice(-SHOWN_LINES), error].join('\n').replace(/^/gm, '     | '));
  const outcome = { name: command.name, seconds: Math.round((Date.now() - start) / 1000), ok: error === undefined };
  say(`${outcome.ok ? '  ok ' : 'FAIL '} ${outcome.name} (${outcome.seconds} s)`);
  return outcome;
}

function list(commands: readonly Command[]): string {
  const run = commands.map(({ name, lines }) => `${name.padEnd(24)} ${lines.join('; ')}`);
  const notRun = Object.entries({ ...NOT_RUN, ...PAGES_NOT_RUN }).map(([name, reason]) => `${name.padEnd(24)} ${reason}`);
  return [...run, '\nnot run:', ...notRun].join('\n');
}

runCommand(main);
