import { createInterface } from 'readline';
import { Command } from 'commander';
import { init, InitOptions } from './init';
import { Program } from '../system/program';

/** `plumbline init` */
export function addInitCommand(program: Command, { console, version, end }: Program): void {
  program.command('init')
    .description('brings the standard to a CDK app that exists: shows the changes, and applies them when you agree')
    .option('--product <name>', 'the product (default: the name of the folder)')
    .option('--environment <name>', 'the environment', 'dev')
    .option('--baseline [cdk.out]', 'write what is found today into plumbline-baseline.json; synthesises the app without a path')
    .option('--yes', 'apply the changes without asking')
    .option('--undo', 'give every file the bytes from before')
    .option('--json', 'the report as JSON; applies only with --yes')
    .addHelpText('after', `
It edits apps in TypeScript, JavaScript and Python, in the folder with cdk.json. Without a terminal and without --yes it shows the changes.

Examples:
  plumbline init --product MangaAssist --environment prod
  plumbline init --baseline cdk.out --yes
  plumbline init --undo`)
    .action(async (options: InitOptions) => end(await init(options, { version, console, ask: askOnTerminal })));
}

/** The end of the input is a no. */
async function askOnTerminal(question: string): Promise<boolean | undefined> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await new Promise<string>(resolve => {
    terminal.on('close', () => resolve(''));
    terminal.question(`${question} [y/N] `, resolve);
  });
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
