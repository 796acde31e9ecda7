import { Command } from 'commander';
import { sync, SyncOptions } from './sync';
import { Program } from '../system/program';

/** `plumbline models …` */
export function addModelsCommands(program: Command, { console, end }: Program): void {
  const models = program.command('models')
    .description('the models and inference profiles of an account');
  models.command('sync')
    .description('writes what an account says of its models to plumbline.models.json, which synth reads')
    .option('--region <code...>', 'the Regions to ask, those of the file without it; what the file has of others stays')
    .option('--profile <name>', 'a profile of the shared AWS configuration (default: the credentials of the environment)')
    .option('--file <file>', 'another file')
    .option('--check', 'write nothing: 1 when the account says something else than the file')
    .option('--json', 'the report as JSON')
    .addHelpText('after', `
It calls bedrock:ListInferenceProfiles, bedrock:GetInferenceProfile and bedrock:ListFoundationModels.

Examples:
  plumbline models sync --region us-east-1 us-west-2
  plumbline models sync --check`)
    .action(async (options: SyncOptions) => end(await sync(options, console)));
}
