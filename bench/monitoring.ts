import { execFileSync } from 'child_process';
import { readFileSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { withInstalledPackage } from './support/installed-package';
import { onDemandPackages } from './support/on-demand-packages';
import { median } from './support/statistics';
import { Cell, table } from '../build-tools/table';
import { Alarm, alarmsOf, AlarmTemplate } from '../test/support/cloudwatch/alarms';
import { MetricData, Series } from '../test/support/cloudwatch/metric-data';

const PEER = { 'cdk-monitoring-constructs': '10.2.0' };
const ROUNDS = 7;
const APPS_A_ROUND = 10;

const WAYS = {
  'cdk-monitoring-constructs, as it comes': 'as-it-comes.cjs',
  'cdk-monitoring-constructs, told of silence': 'told-of-silence.cjs',
  'cdk-plumbline': 'cdk-plumbline.cjs',
  'cdk-plumbline, checks off': 'cdk-plumbline.cjs',
};
type Way = keyof typeof WAYS;
const NAMES = Object.keys(WAYS) as Way[];
const HEAD = [
  'library', 'lines a user writes', 'alarms', 'ring in healthy traffic', 'when the service is silent', 'when it calls no model any more',
  'CPU ms to create and synthesise',
];
const CHECKED = 'environment: \'prod\'';

/** What one request leaves of each metric that an alarm here reads; nothing of the others. */
const OF_A_REQUEST: Readonly<Record<string, number>> = {
  'AWS/Lambda Invocations': 1,
  'AWS/Lambda Errors': 0,
  'AWS/Lambda Throttles': 0,
  'AWS/Lambda Duration': 300,
  'MangaAssist/Latency EndToEndMs': 300,
  'MangaAssist/Bedrock InvocationCount': 1,
};
const OF_A_CALL = /^MangaAssist\/Bedrock /;
const OF_A_FAULT = /^MangaAssist\/(Errors|InitFailure) /;

/** Noon in Tokyo: no alarm is muted. */
const NOON = Date.parse('2026-11-28T12:00:00+09:00') / 1000;
const MINUTE = 60;
const HOUR = 60 * MINUTE;

interface Run {
  readonly cpuMs: number;
  readonly template: AlarmTemplate;
}

/** Creates the service in an app of its own, several times, and keeps the last template. */
function run(way: Way, { cwd, outdir }: { readonly cwd: string; readonly outdir: string }): Run {
  const text = textOf(way);
  const program = `
    const { App, Stack } = require('aws-cdk-lib');
    ${way.endsWith('checks off') ? text.replace(CHECKED, `${CHECKED}, checks: false`) : text}
    const synthesised = () => {
      const app = new App({ analyticsReporting: false });
      const stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
      exports.create(stack);
      return app.synth().getStackByName('Stack').template;
    };
    synthesised();
    const before = process.cpuUsage();
    let template;
    for (let count = 0; count < ${APPS_A_ROUND}; count++) template = synthesised();
    const { user, system } = process.cpuUsage(before);
    console.log(JSON.stringify({ cpuMs: (user + system) / 1000 / ${APPS_A_ROUND}, template }));`;
  // The CDK's own validation of templates costs the same for all, and more than any.
  const env = { ...process.env, CDK_VALIDATION: 'false', CDK_OUTDIR: outdir };
  const out = execFileSync(process.execPath, ['-e', program], { cwd, env, encoding: 'utf8', stdio: 'pipe', maxBuffer: 2 ** 26 });
  return JSON.parse(out.trimEnd().split('\n').at(-1)!) as Run;
}

/** A request a minute until noon, of which every series that an alarm reads has its part; then only what `stays` says. */
function traffic(alarms: readonly Alarm[], stays: (name: string) => boolean): MetricData {
  const data = new MetricData();
  const series = new Map<string, Series>(alarms.flatMap(alarm => alarm.series.map(one => [one.key, one])));
  for (const one of series.values()) {
    const name = `${one.namespace} ${one.name}`;
    if (OF_A_FAULT.test(name)) continue;
    if (!Object.hasOwn(OF_A_REQUEST, name)) throw new Error(`What a request leaves of ${name} is not written down here`);
    const end = stays(name) ? NOON + 2 * HOUR : NOON;
    for (let at = NOON - HOUR; at < end; at += MINUTE) data.put([{ ...one, unit: 'None', values: [OF_A_REQUEST[name]] }], at);
  }
  return data;
}

/** How many ring at some time between two. */
function ringing(template: AlarmTemplate, stays: (name: string) => boolean, from: number, to: number): number {
  const alarms = alarmsOf(template);
  const data = traffic(alarms, stays);
  const rung = new Set<string>();
  for (let at = from; at <= to; at += MINUTE) {
    for (const alarm of alarms) if (alarm.evaluate(data, at) === 'ALARM') rung.add(alarm.name);
  }
  return rung.size;
}

/** Those of the body that say something: what is loaded stands at the head of a file. */
function linesOf(way: Way): number {
  const text = textOf(way);
  const body = text.slice(text.indexOf('\n\n'), text.lastIndexOf('};'));
  return body.split('\n').filter(line => line.trim() !== '').length;
}

function textOf(way: Way): string {
  return readFileSync(join(__dirname, 'support', 'watched-service', WAYS[way]), 'utf8');
}

function main(): void {
  const peer = dirname(onDemandPackages('monitoring', PEER).resolve('cdk-monitoring-constructs/package.json'));
  const runs = withInstalledPackage(directory => {
    const outdir = join(directory, 'cdk.out');
    const cwdOf = (way: Way): string => (WAYS[way] === 'cdk-plumbline.cjs' ? directory : join(peer, '..', '..'));
    const measured = new Map<Way, Run[]>(NAMES.map(way => [way, []]));
    // Side by side, so that a slow moment of the machine meets all.
    for (let round = 0; round < ROUNDS; round++) {
      for (const way of NAMES) measured.get(way)!.push(run(way, { cwd: cwdOf(way), outdir }));
    }
    return measured;
  });
  const rows = NAMES.map((way): Cell[] => {
    const [{ template }] = runs.get(way)!;
    return [
      way,
      linesOf(way),
      alarmsOf(template).length,
      ringing(template, () => true, NOON - HOUR / 2, NOON + HOUR),
      ringing(template, () => false, NOON, NOON + HOUR),
      ringing(template, name => !OF_A_CALL.test(name), NOON, NOON + HOUR),
      Math.round(median(runs.get(way)!.map(({ cpuMs }) => cpuMs))),
    ];
  });
  const text = [
    'One service on Lambda that calls a model, its alarms and its dashboard. "Told of silence" has the same alarms as cdk-plumbline, by a',
    'user who knows all names and numbers; that the service emits the metrics is work of its own, which no line here does. The alarms are',
    'evaluated by the model of CloudWatch: an hour of a request a minute, then an hour of silence, or of requests that call no model. An',
    'alarm that treats missing data as missing, as "as it comes" has it, goes to INSUFFICIENT_DATA and rings for nobody.',
    '',
    `CPU: median of ${ROUNDS} processes of ${APPS_A_ROUND} apps each, side by side, without the CDK's own validation.`,
    `${new Date().toISOString().slice(0, 10)}, ${Object.entries(PEER).join().replace(',', ' ')}: \`npm run bench -- monitoring\`.`,
    '',
    table(HEAD, rows),
  ].join('\n');
  console.log(text);
  if (process.argv.includes('--record')) record(text);
  const [,,, falsely, onSilence, withoutModel] = rows[NAMES.indexOf('cdk-plumbline')];
  if (falsely !== 0 || onSilence === 0 || withoutModel === 0) {
    console.error('\ncdk-plumbline rings in healthy traffic, or stays quiet in silence');
    process.exitCode = 1;
  }
}

function record(text: string): void {
  const document = join(__dirname, '..', 'docs', 'operating.md');
  const section = /(<!-- bench: begin -->\n)[^]*?(<!-- bench: end -->)/;
  const current = readFileSync(document, 'utf8').replace(section, (_match, begin: string, end: string) => `${begin}${text}\n${end}`);
  writeFileSync(document, current);
}

main();
