import { Command, CommanderError } from 'commander';
import { check, CheckOptions } from './check/check';
import { addInitCommand } from './init/commands';
import { addMetricsCommands } from './metrics/commands';
import { addModelsCommands } from './models/commands';
import { addPromptCommands } from './prompts/commands';
import { Console } from './system/console';
import { CouldNotRun } from './system/could-not-run';

/** Filled in by the bundler. */
declare const PLUMBLINE_VERSION: string;
const VERSION = typeof PLUMBLINE_VERSION === 'string' ? PLUMBLINE_VERSION : '0.0.0';

const EXIT_CODES = `
Exit codes: 0 all is well, 1 there are findings, 2 the command could not run.`;

/** Runs a command line; the answer is the exit code. */
export async function run(args: readonly string[], console: Console): Promise<number> {
  let code = 0;
  const program = createProgram(console, result => { code = result; });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof CouldNotRun)) throw error;
    console.tell(error.message);
    return 2;
  }
}

function createProgram(console: Console, end: (code: number) => void): Command {
  const program = new Command('plumbline')
    .description('Holds GenAI services on Amazon Bedrock and SageMaker to one standard.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({ writeOut: text => console.print(text.trimEnd()), writeErr: text => console.tell(text.trimEnd()) })
    .addHelpText('afterAll', EXIT_CODES);
  program.command('check')
    .description('the rules of PlumblineChecks on what `cdk synth` wrote, or on any template')
    .argument('<path...>', 'a cdk.out, a folder, or templates in JSON or YAML, SAM included')
    .option('--json', 'the report as JSON')
    .option('--sarif <file>', 'write the report as SARIF 2.1.0 too')
    .option('--baseline <file>', 'the file of known findings (default: plumbline-baseline.json, where it exists)')
    .option('--write-baseline', 'write what is found now into the baseline: from now on it warns, and what is new fails')
    .option('--prune-baseline', 'take out of the baseline what is found no more')
    .addHelpText('after', `
Examples:
  plumbline check cdk.out
  plumbline check template.yaml --sarif findings.sarif
  plumbline check cdk.out --write-baseline`)
    .action((paths: string[], options: CheckOptions) => end(check(paths, options, VERSION, console)));
  const parts = { console, end, version: VERSION };
  addInitCommand(program, parts);
  addMetricsCommands(program, parts);
  addModelsCommands(program, parts);
  addPromptCommands(program, parts);
  return program;
}
