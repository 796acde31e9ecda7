import { DemoReport, IncidentReport, Observation, RequestReport } from './demo-report';
import { Palette } from './palette';
import { LeftOut } from '../assembly/local-template';

const PROMISED_SECONDS = 90;
const COLUMNS = 110;

type Ending = Pick<DemoReport, 'ok' | 'seconds' | 'installedInSeconds'>;

/** The report as a newcomer reads it. */
export function textReport(report: DemoReport, palette: Palette): string {
  return [
    ...checked(report, palette),
    ...requested(report, palette),
    '',
    palette.strong('The container'),
    ...observed('run', report.container, palette),
    '',
    palette.strong('The prompts'),
    ...report.prompts.flatMap(observation => observed(observation.moment, observation, palette)),
    ...report.incidents.flatMap((incident, index) => told(incident, index + 1, palette)),
    ...summed(report, palette),
    ...ending(report, palette),
  ].join('\n');
}

function checked({ checks, deployedResources, functionsRunOn, leftOut, readme }: DemoReport, palette: Palette): string[] {
  return [
    '',
    palette.strong('Checked and deployed'),
    ...checks.map(
      ({ pack, findings }) => `  ${mark(findings === 0, palette)} ${pack}: ${findings} unacknowledged findings in examples/manga-assist`,
    ),
    `  ${mark(true, palette)} ${deployedResources} resources deployed with the CDK to a local AWS on this machine; ` +
      `functions run on its ${functionsRunOn}`,
    ...leftOutLines(leftOut, palette),
    `  ${mark(readme.ringingWhileIdle.length === 0, palette)} the README's stack: ${readme.deployedResources} resources deployed; ` +
      `alarms that ring while nobody calls: ${readme.ringingWhileIdle.join(', ') || 'none'}`,
  ];
}

export function leftOutLines(leftOut: readonly LeftOut[], palette: Palette): string[] {
  if (leftOut.length === 0) return [];
  return [
    '    checked, not deployed locally (the emulator does not know them):',
    ...leftOut.map(({ type, logicalId }) => palette.dim(`      ${type}  ${logicalId}`)),
  ];
}

function requested({ requests }: DemoReport, palette: Palette): string[] {
  return ['', palette.strong('Requests to the deployed API'), ...requestLines(requests, palette)];
}

export function requestLines(requests: readonly RequestReport[], palette: Palette): string[] {
  const width = Math.max(...requests.map(({ request }) => request.length));
  return requests.map(
    ({ request, expected, seen, milliseconds, asExpected }) =>
      `  ${mark(asExpected, palette)} ${request.padEnd(width)}  ` +
        `${asExpected ? expected : `${seen}, expected ${expected}`} ${palette.dim(`${milliseconds} ms`)}`,
  );
}

function told({ name, story, observations, without, note }: IncidentReport, number: number, palette: Palette): string[] {
  return [
    '',
    palette.strong(`Incident ${number}: ${name}`),
    ...wrapped(story, 2),
    ...observations.flatMap(observation => observed(observation.moment, observation, palette)),
    ...(without ? observed('without', without, palette) : []),
    ...(note ? wrapped(`Note: ${note}`, 2).map(line => palette.dim(line)) : []),
  ];
}

const LABELS = ['written', 'synthesised', 'deployed', 'run', 'without'];
const WIDTH = Math.max(...LABELS.map(label => label.length));

function observed(label: string, { claim, evidence, asExpected }: Observation, palette: Palette): string[] {
  return [
    `  ${mark(asExpected, palette)} ${label.padEnd(WIDTH)}  ${claim}${asExpected ? '' : palette.bad('  NOT AS EXPECTED')}`,
    ...evidence.map(line => palette.dim(cut(`    ${' '.repeat(WIDTH)}  ${line}`))),
  ];
}

function summed({ incidents }: DemoReport, palette: Palette): string[] {
  const widths = [
    Math.max(...incidents.map(({ name }) => name.length)),
    Math.max(...incidents.map(({ outcome }) => outcome.where.length)),
  ];
  return [
    '',
    palette.strong('Where each incident was stopped'),
    ...incidents.map(({ name, outcome, observations, without }) => {
      const good = [...observations, ...(without ? [without] : [])].every(({ asExpected }) => asExpected);
      return `  ${mark(good, palette)} ${name.padEnd(widths[0])}  ${outcome.where.padEnd(widths[1])}  ${outcome.how}`;
    }),
  ];
}

export function ending({ ok, seconds, installedInSeconds }: Ending, palette: Palette): string[] {
  const installed = installedInSeconds === undefined ? '' : `, after ${installedInSeconds.toFixed(0)} s of first-time preparation`;
  return [
    '',
    ok ? palette.good('Everything came out as expected.') : palette.bad('Not everything came out as expected: see the lines marked ✗.'),
    `It took ${seconds.toFixed(0)} s${installed} (promised: under ${PROMISED_SECONDS} s once prepared). ` +
      'All that was started is stopped and removed.',
    '',
  ];
}

export function mark(good: boolean, palette: Palette): string {
  return good ? palette.good('✓') : palette.bad('✗');
}

/** Evidence is shown by its beginning; the JSON report has all of it. */
function cut(line: string): string {
  return line.length > COLUMNS ? `${line.slice(0, COLUMNS - 1)}…` : line;
}

export function wrapped(text: string, indent: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = [lines.at(-1), word].filter(Boolean).join(' ');
    if (longer.length + indent > COLUMNS) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines.map(line => ' '.repeat(indent) + line);
}
