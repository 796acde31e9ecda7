import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { PythonRow, pythonFaults } from './support/python-faults';
import { table } from '../build-tools/table';
import { ClientPolicy, STANDARD_POLICY } from '../runtime/node/bedrock/client/client-policy';
import { FAULT_CASES, FaultCase } from '../test/runtime/bedrock/support/fault-cases';
import { boundMs, FaultRun, runAll, runThroughFactory, runThroughRawClient } from '../test/runtime/bedrock/support/fault-run';
import { SHORT_POLICY, TASK_TYPE } from '../test/runtime/bedrock/support/test-client';
import { FaultyBedrockServer } from '../test/support/faulty-bedrock-server/faulty-bedrock-server';

/**
 * Every fault against the bound of the policy, in Node and in Python, the SDKs' clients beside them; writes docs/fault-table.md. With
 * `--standard` a few faults under the numbers of the standard instead of shortened ones, in Node, which takes two minutes.
 */
const SLACK_MS = 250;
const RAW_GIVE_UP_MS = 4_000;
const OUTPUT = join(__dirname, '..', 'docs', 'fault-table.md');
const STANDARD_CASES = [
  'SYN unanswered',
  'TLS handshake unanswered',
  'accepts, never answers',
  'stall in mid body',
  'stall in mid stream',
  'throttled',
];

interface Row {
  readonly faultCase: FaultCase;
  readonly ours: FaultRun;
  readonly bound: number;
  readonly raw?: FaultRun;
  /** Absent where boto3 has no such operation. */
  readonly python?: PythonRow;
}

async function main(): Promise<boolean> {
  const { values } = parseArgs({ options: { standard: { type: 'boolean', default: false } } });
  const rows = values.standard ? await measure(standardCases(), STANDARD_POLICY, false) : await measure(FAULT_CASES, SHORT_POLICY, true);
  const text = `${tableOf(rows)}\n\n${summaryOf(rows)}`;
  console.log(text);
  if (!values.standard) write(text);
  return rows.every(row => isWithinBound(row) && isAlikeInPython(row));
}

/** The longest limits last minutes; the task type of the tests has 15 seconds. */
function standardCases(): FaultCase[] {
  return FAULT_CASES.filter(({ name }) => STANDARD_CASES.includes(name));
}

async function measure(cases: readonly FaultCase[], policy: ClientPolicy, beside: boolean): Promise<Row[]> {
  const server = await FaultyBedrockServer.start();
  const rows = new Map<string, Row>();
  await runAll(cases, 8, async faultCase => {
    const ours = await runThroughFactory(server, faultCase, policy);
    rows.set(faultCase.name, { faultCase, ours, bound: boundMs(faultCase, policy) });
  });
  if (beside) {
    await runAll(cases, 8, async faultCase => {
      const raw = await runThroughRawClient(server, faultCase, RAW_GIVE_UP_MS);
      rows.set(faultCase.name, { ...rows.get(faultCase.name)!, raw });
    });
    const python = await pythonFaults(server, RAW_GIVE_UP_MS);
    for (const [name, row] of rows) rows.set(name, { ...row, python: python[name] });
  }
  await server.stop();
  return cases.map(({ name }) => rows.get(name)!);
}

function isWithinBound({ ours, bound }: Row): boolean {
  return ours.ms <= bound + SLACK_MS;
}

/** By the code of the envelope: what reads the answer has other names for its errors in each language. */
function isAlikeInPython({ faultCase, ours, bound, python }: Row): boolean {
  if (!python) return true;
  return python.ours.code === faultCase.code && python.ours.attempts === ours.attempts && python.ours.ms <= bound + SLACK_MS;
}

function tableOf(rows: readonly Row[]): string {
  return table(
    [
      'fault', 'operation', 'envelope', 'attempts', 'bound ms', 'Node: outcome', 'ms', 'SDK client as it comes',
      'Python: outcome', 'attempts', 'ms', 'boto3 as it comes',
    ],
    rows.map(({ faultCase, ours, bound, raw, python }) => [
      faultCase.name, faultCase.operation, faultCase.code, ours.attempts ?? 0, bound, ours.outcome, ours.ms, rawResult(raw),
      python?.ours.outcome ?? '', python?.ours.attempts ?? '', python?.ours.ms ?? '', rawResult(python?.raw),
    ]),
  );
}

function rawResult(raw: Pick<FaultRun, 'outcome' | 'ms'> | undefined): string {
  if (!raw) return '';
  return raw.outcome === 'still hanging' ? `still hanging after ${raw.ms / 1_000} s` : `${raw.outcome} after ${raw.ms} ms`;
}

function summaryOf(rows: readonly Row[]): string {
  const inPython = rows.filter(({ python }) => python).length;
  return [
    `${rows.length} faults; over their bound by more than ${SLACK_MS} ms: ${namesOf(rows.filter(row => !isWithinBound(row)))}.`,
    ...(rows.some(({ raw }) => raw) ? [rawSummary("The SDK's client", rows, row => row.raw)] : []),
    ...(inPython > 0
      ? [
        `${inPython} of them in Python; another envelope, other attempts or over its bound: ` +
          `${namesOf(rows.filter(row => !isAlikeInPython(row)))}.`,
        rawSummary("boto3's client", rows, row => row.python?.raw),
      ]
      : []),
  ].join('\n');
}

function namesOf(rows: readonly Row[]): string {
  return rows.length === 0 ? 'none' : rows.map(({ faultCase }) => faultCase.name).join(', ');
}

function rawSummary(whose: string, rows: readonly Row[], rawOf: (row: Row) => Pick<FaultRun, 'outcome'> | undefined): string {
  const hanging = rows.filter(row => rawOf(row)?.outcome === 'still hanging').length;
  const takenForWhole = rows.filter(row => row.ours.outcome !== 'success' && rawOf(row)?.outcome === 'success').length;
  return `${whose} was still hanging in ${hanging} of them when we stopped looking, ` +
    `and took a broken answer for a good one in ${takenForWhole}.`;
}

function write(text: string): void {
  const { connectTimeoutMs, readTimeoutMs, maxRetryWaitMs, bidirectionalInactivityMs, maxAttempts } = SHORT_POLICY;
  mkdirSync(dirname(OUTPUT), { recursive: true });
  writeFileSync(
    OUTPUT,
    `# Faults of Amazon Bedrock, and what the client makes of them

Written by \`npm run bench bedrock-client-faults\`; \`test/runtime/bedrock/client/fault-table.test.ts\` holds the Node client to it,
\`test/runtime-python/bedrock/test_fault_table.py\` the Python client. The faults are made by \`test/support/faulty-bedrock-server\` on real
sockets. boto3 knows no stream that goes both ways.

The limits are shortened so that every one of them can be waited for: connect ${connectTimeoutMs} ms, read
${readTimeoutMs[TASK_TYPE]} ms, ${maxAttempts} attempts, at most ${maxRetryWaitMs} ms between two attempts, a two-way stream silent for
at most ${bidirectionalInactivityMs} ms; for the answer of 24 MB ten times the read limit. The bound is what these numbers allow the
attempts that were made. \`npx tsx bench/bedrock-client-faults.ts --standard\` runs a few faults under the numbers of the standard. There is
no fallback Region here, which is the longest a call can last.

${text}
`,
  );
}

main().then(good => process.exit(good ? 0 : 1), error => {
  console.error(error);
  process.exit(2);
});
