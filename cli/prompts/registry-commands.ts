import { Command } from 'commander';
import { audit, AuditOptions } from './audit';
import { DEFAULT_MINUTES } from './gate-command';
import { history, HistoryOptions } from './history';
import { approve, ApproveOptions, promote, PromoteOptions, publish, PublishOptions, rollback, RollbackOptions } from './operate';
import { verify, VerifyOptions } from './verify';
import { Program } from '../system/program';

/** Adds the commands that work with a registry. */
export function addRegistryCommands(prompts: Command, { console, end }: Program): void {
  withAccess(prompts.command('publish'))
    .description('put a version into the registry; its tests have to have passed')
    .argument('<file>', 'the prompt file')
    .option('--track <track>', 'standard or expedited', 'standard')
    .option('--author <name>', 'who wrote it, and may not approve it (default: whoever runs the command)')
    .option('--golden <file|command>', 'the golden set: its result as a .json file, or the command that runs it')
    .option('--safety <file|command>', 'the safety suite, named so too')
    .option('--suite-timeout <minutes>', 'how long each command may take', String(DEFAULT_MINUTES))
    .option('--no-token-count', 'for a model that CountTokens does not know; a tech_lead has to approve it too')
    .option('--sandbox', 'into the sandbox, which asks for no tests')
    .addHelpText('after', `
Examples:
  plumbline prompts publish prompts/greeting.prompt.md --golden golden.json --safety safety.json
  plumbline prompts publish prompts/greeting.prompt.md --golden 'npm run golden' --safety 'npm run safety'
  plumbline prompts publish prompts/greeting.prompt.md --sandbox

A result is { "passed", "failed", "template_hash" }, or what promptfoo writes by --output (the hash in its
configuration, as the tag plumbline_template_hash). A command writes it to the file that PLUMBLINE_RESULT_FILE
names, of the prompt in PLUMBLINE_PROMPT_FILE; it is run only for a version that is not published yet.`)
    .action(async (file: string, options: PublishOptions) => end(await publish(file, options, console)));
  withAccess(prompts.command('approve'))
    .description('sign that a version may serve')
    .argument('<id>').argument('<version>')
    .requiredOption('--role <role>', 'engineer, tech_lead or safety_officer')
    .option('--reviewer <name>', 'who approves (default: whoever runs the command)')
    .addHelpText('after', `
Example:
  plumbline prompts approve greeting 1.2.0 --role engineer`)
    .action(async (id: string, version: string, options: ApproveOptions) => end(await approve(id, version, options, console)));
  withAccess(prompts.command('promote'))
    .description('let a version serve an environment; in the last one a candidate comes first')
    .argument('<id>').argument('<version>')
    .requiredOption('--to <environment>', 'the environment')
    .option('--all', 'give the candidate to all sessions')
    .addHelpText('after', `
Examples:
  plumbline prompts promote greeting 1.2.0 --to staging
  plumbline prompts promote greeting 1.2.0 --to production --all`)
    .action(async (id: string, version: string, options: PromoteOptions) => end(await promote(id, version, options, console)));
  withAccess(prompts.command('rollback'))
    .description('drop the candidate; without one, let the version before serve again')
    .argument('<id>')
    .requiredOption('--environment <environment...>', 'one or more environments')
    .requiredOption('--reason <text>', 'why; it is kept, and told in the event')
    .option('--to <version>', 'a version that served there before')
    .option('--revoke', 'what is taken away must never serve again, not even from a cache')
    .addHelpText('after', `
Examples:
  plumbline prompts rollback greeting --environment production --reason "rude answers"
  plumbline prompts rollback greeting --environment dev staging production --reason "leaks names" --revoke`)
    .action(async (id: string, options: RollbackOptions) => end(await rollback(id, options, console)));
  withAccess(prompts.command('verify'))
    .description('the gate of a deployment: whether environments serve what was signed, tested and approved for them')
    .argument('[id...]', 'prompts that have to serve (default: all that the registry knows)')
    .option('--environment <environment...>', 'one or more environments (default: all)')
    .option('--from <folder>', 'the prompts in Git: what they say has to serve, as the active version or the candidate')
    .addHelpText('after', `
Examples:
  plumbline prompts verify --environment production
  plumbline prompts verify --environment production --from prompts --json`)
    .action(async (ids: string[], options: VerifyOptions) => end(await verify(ids, options, console)));
  withAccess(prompts.command('audit'))
    .description('what each environment serves, and which prompts diverged from what was signed; for every day')
    .option('--environment <environment...>', 'one or more environments (default: all)')
    .option('--markdown', 'the report as Markdown')
    .option('--read-only', 'do not tell the events that an earlier command left behind')
    .addHelpText('after', `
Examples:
  plumbline prompts audit
  plumbline prompts audit --environment production --markdown --read-only`)
    .action(async (options: AuditOptions) => end(await audit(options, console)));
  withAccess(prompts.command('history'))
    .description('every deployment of a prompt, newest first; or which version answered the request of a log line')
    .argument('[id]', 'the prompt')
    .option('--environment <environment...>', 'one or more environments (default: all)')
    .option('--line <line>', 'a line bedrock_call of either runtime; - reads it from the standard input')
    .addHelpText('after', `
Examples:
  plumbline prompts history greeting
  plumbline prompts history --line - < line.json`)
    .action(async (id: string | undefined, options: HistoryOptions) => end(await history(id, options, console)));
}

function withAccess(command: Command): Command {
  return command
    .option('--registry <parameter>', 'the SSM parameter of the registry, by name or ARN (default: PLUMBLINE_PROMPT_REGISTRY)')
    .option('--region <code>', 'the Region of the registry (default: that of the environment or the profile)')
    .option('--profile <name>', 'a profile of the shared AWS configuration (default: the credentials of the environment)')
    .option('--json', 'the result as JSON');
}
