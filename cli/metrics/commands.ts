import { Command } from 'commander';
import { audit, AuditOptions } from './audit/audit';
import { lint, LintOptions } from './lint/lint';
import { migrateDashboard, MigrateOptions } from './migrate/migrate-dashboard';
import { Program } from '../system/program';

/** `plumbline metrics …` */
export function addMetricsCommands(program: Command, { console, version, end }: Program): void {
  const metrics = program.command('metrics')
    .description('names of metrics: which are in use, which are not in the catalogue, and from an old one to a new one');
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
  plumbline metrics migrate-dashboard template.yaml --map metrics.json > migrated.yaml`)
    .action((file: string, options: MigrateOptions) => end(migrateDashboard(file, options, console)));
  metrics.command('lint')
    .description('names of metrics in TypeScript, JavaScript and Python that neither the catalogue nor the team knows')
    .argument('<path...>', 'files and folders of code')
    .option('--product <name>', 'the product, first part of every namespace (default: any)')
    .option('--team <file>', 'metrics of the team: [{ "name", "area" }]; those of CatalogMetric.team in the code count by themselves')
    .option('--json', 'the report as JSON')
    .option('--sarif <file>', 'write the report as SARIF 2.1.0 too')
    .addHelpText('after', `
It reads emitMetric, Powertools, aws-embedded-metrics, PutMetricData, metrics and filters of the CDK, and EMF that is written by hand.
A name that is no literal is told as "could not read", and is no finding. What AWS emits (AWS/…, CWAgent, …) is never one.

Examples:
  plumbline metrics lint src lib
  plumbline metrics lint . --product MangaAssist --team team-metrics.json --sarif metrics.sarif`)
    .action((paths: string[], options: LintOptions) => end(lint(paths, options, version, console)));
  metrics.command('audit')
    .description('the metrics in use in folders or in an account, and the names that the catalogue has for them')
    .argument('[path...]', 'files and folders: code, dashboards, CloudFormation, Terraform in JSON')
    .option('--account', 'ask an account too: its metrics of the last two weeks, its alarms and its dashboards')
    .option('--region <code...>', 'the Regions to ask (default: that of the environment or the profile)')
    .option('--profile <name>', 'a profile of the shared AWS configuration (default: the credentials of the environment)')
    .option('--recent', 'of the account only metrics with data in the last three hours')
    .option('--product <name>', 'the product, first part of every new namespace')
    .option('--team <file>', 'metrics of the team: [{ "name", "area" }]')
    .option('--write-map <file>', 'write the proposals as a map for migrate-dashboard; a file that exists is not overwritten')
    .option('--json', 'the report as JSON')
    .addHelpText('after', `
A proposal is a guess from the words of the names: read each before you use it.
An account is asked by cloudwatch:ListMetrics, cloudwatch:DescribeAlarms, cloudwatch:ListDashboards and cloudwatch:GetDashboard.
Where it does not answer one of them, the report has what it did answer, says what is missing, and the exit code is 2.

Examples:
  plumbline metrics audit . --product MangaAssist
  plumbline metrics audit src dashboards cdk.out --product MangaAssist --write-map metrics.json
  plumbline metrics audit --account --profile audit --region us-east-1 eu-west-1 --product MangaAssist`)
    .action(async (paths: string[], options: AuditOptions) => end(await audit(paths, options, console)));
}
