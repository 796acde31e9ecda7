import { Command } from 'commander';
import { diff, DiffOptions } from './diff';
import { exportPrompts } from './export';
import { hash } from './hash';
import { createPrompt, NewOptions } from './new';
import { addRegistryCommands } from './registry-commands';
import { Program } from '../system/program';

/** Adds `plumbline prompts …`. */
export function addPromptCommands(program: Command, parts: Program): void {
  const { console, end } = parts;
  const prompts = program.command('prompts')
    .description('prompts in Git: one file <id>.prompt.md each, YAML front matter and the template');
  prompts.command('new')
    .description('write the file of a new prompt')
    .argument('<id>', 'lower-case letters, digits, _ and -')
    .requiredOption('--model <id>', 'the model or the inference profile that it is for')
    .option('--folder <folder>', 'where the file goes', 'prompts')
    .addHelpText('after', `
Example:
  plumbline prompts new greeting --model amazon.nova-pro-v1:0`)
    .action((id: string, options: NewOptions) => end(createPrompt(id, options, console)));
  prompts.command('hash')
    .description('the hashes by which the registry, the logs and the audit know a prompt')
    .argument('<file...>', 'prompt files, or folders of them')
    .option('--json', 'as JSON: [{ id, version, templateHash, compiledHash }]')
    .addHelpText('after', `
Examples:
  plumbline prompts hash prompts/greeting.prompt.md
  plumbline prompts hash prompts --json`)
    .action((paths: string[], options: { json?: boolean }) => end(hash(paths, options, console)));
  prompts.command('export')
    .description('the prompts in one JSON file: for unit tests, and for the copies that functions start with')
    .argument('<file...>', 'prompt files, or folders of them')
    .option('--out <file>', 'where it is written (default: printed)')
    .addHelpText('after', `
Example:
  plumbline prompts export prompts --out prompts.json`)
    .action((paths: string[], options: { out?: string }) => end(exportPrompts(paths, options, console)));
  prompts.command('diff')
    .description('what changed; a prompt that changed and kept its version is a finding')
    .argument('<path...>', 'the old file and the new one; with --base prompt files, or folders of them')
    .option('--base <revision>', 'compare with a revision of Git')
    .option('--json', 'the changes as JSON')
    .option('--markdown', 'as a summary for a pull request')
    .option('--policy-phrase <phrase...>', 'phrases of your own content policies, as the registry\'s policyPhrases has them')
    .addHelpText('after', `
Examples:
  plumbline prompts diff --base origin/main prompts --markdown
  plumbline prompts diff old.prompt.md prompts/greeting.prompt.md`)
    .action((paths: string[], options: DiffOptions) => end(diff(paths, options, console)));
  addRegistryCommands(prompts, parts);
}
