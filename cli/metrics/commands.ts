import { Command } from 'commander';
import { migrateDashboard, MigrateOptions } from './migrate/migrate-dashboard';
import { Program } from '../system/program';

/** `plumbline metrics …` */
export function addMetricsCommands(program: Command, { console, exitCodes, end }: Program): void {
  const metrics = program.command('metrics')
    .description('names of metrics: which are in use, which are not in the catalogue, and from an old one to a new one')
    .addHelpText('after', exitCodes);
  metrics.command('migrate-dashboard')
    .description('gives the metrics of a dashboard, of alarms and of templates their new names, and changes nothing else')
    .argument('<file>', 'the body of a dashboard, a CloudFormation template (JSON or YAML), a Terraform configuration in JSON')
    .requiredOption('--map <file>', 'what becomes what: [{ "from": { "namespace", "name" }, "to": { "namespace", "name" } }]')
    .option('--out <file>', 'write the result to a file; it may be the same one (default: standard output)')
    .option('--diff', 'print what would change as a unified diff')
    .option('--json', 'print changes, what was left, and the new text as JSON')
    .addHelpText('after', `
What it cannot read it leaves as it is, and tells. All else stays to the byte: key order, numbers, escapes, indentation, line ends.

Examples:
  plumbline metrics migrate-dashboard dashboard.json --map metrics.json --diff
  plumbline metrics migrate-dashboard dashboard.json --map metrics.json --out dashboard.json
  plumbline metrics migrate-dashboard template.yaml --map metrics.json > migrated.yaml
${exitCodes}`)
    .action((file: string, options: MigrateOptions) => end(migrateDashboard(file, options, console)));
}
