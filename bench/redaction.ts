import { execFileSync } from 'child_process';
import { join } from 'path';
import { median } from './support/statistics';
import { runtimePython } from '../build-tools/runtime-python';
import { table } from '../build-tools/table';
import { hostileParts } from '../contract/vectors/redaction.json';
import { redactText } from '../runtime/node/telemetry/redaction';

/** Milliseconds of CPU that 10 kB of an ordinary text take in Python; about four times what they took when it was set. */
const LIMIT_MS = 1.5;
const ROUNDS = 9;
const LENGTH = 10_000;

/** What functions log, and what was written to keep redaction busy. */
const TEXTS: Readonly<Record<string, string>> = {
  'words': filledWith('The quick brown fox recommends a manga about volcanoes and their keepers. '),
  'JSON': filledWith('{"id":17,"title":"One Piece","score":0.93,"url":"https://example.com/x/17"},'),
  'a traceback': filledWith('  File "/var/task/app.py", line 7, in handler\n    raise ValueError(title)\n'),
  ...Object.fromEntries(hostileParts.map(part => [JSON.stringify(part), filledWith(part)])),
};
const ORDINARY = 3;

function filledWith(part: string): string {
  return part.repeat(Math.ceil(LENGTH / part.length)).slice(0, LENGTH);
}

function nodeMs(text: string): number {
  return median(Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage();
    redactText(text);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  }));
}

function pythonMs(texts: readonly string[]): number[] {
  const output = execFileSync(join(runtimePython(), 'python'), [join(__dirname, 'support', 'redaction.py'), String(ROUNDS)], {
    input: JSON.stringify(texts),
    env: { ...process.env, PYTHONPATH: join(__dirname, '..', 'runtime', 'python'), PYTHONDONTWRITEBYTECODE: '1' },
    encoding: 'utf8',
  });
  return JSON.parse(output) as number[];
}

const inPython = pythonMs(Object.values(TEXTS));
const rows = Object.entries(TEXTS).map(([name, text], index) => ({ name, node: nodeMs(text), python: inPython[index] }));
const hardest = [...rows.slice(ORDINARY)].sort((one, other) => other.python - one.python).slice(0, 3);

console.log(`\nRedaction of 10 kB, milliseconds of CPU, median of ${ROUNDS}.`);
console.log(`Ordinary texts, and those of ${rows.length - ORDINARY} hostile ones that take the longest in Python.\n`);
console.log(table(
  ['text', 'Node.js', 'Python', 'Python / Node.js'],
  [...rows.slice(0, ORDINARY), ...hardest]
    .map(({ name, node, python }) => [name, node.toFixed(3), python.toFixed(3), (python / node).toFixed(1)]),
));
process.exitCode = rows.slice(0, ORDINARY).every(({ python }) => python < LIMIT_MS) ? 0 : 1;
