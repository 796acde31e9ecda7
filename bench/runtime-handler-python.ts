import { execFileSync } from 'child_process';
import { join } from 'path';
import { median } from './support/statistics';
import { runtimePython } from '../build-tools/runtime-python';
import { table } from '../build-tools/table';

/** An invocation under the standard takes at most so much of the CPU time of one under Powertools' decorators that does the same. */
const LIMIT = 1.2;
const ROUNDS = 60;
const RUNTIME = join(__dirname, '..', 'runtime', 'python');

interface Measured {
  readonly name: string;
  /** Microseconds of CPU an invocation, one figure a round. */
  readonly times: readonly number[];
}

const measured = JSON.parse(execFileSync(
  join(runtimePython(), 'python'), [join(__dirname, 'support', 'runtime_handlers.py'), String(ROUNDS)],
  { env: { PATH: process.env.PATH, PYTHONPATH: RUNTIME, PYTHONDONTWRITEBYTECODE: '1' }, encoding: 'utf8' },
)) as Measured[];

const [ours, same] = measured.map(({ times }) => times);
const ratio = median(ours.map((time, round) => time / same[round]));
console.log('One log line, one metric under three dimension sets, an envelope; µs of CPU an invocation, '
  + `${ROUNDS} rounds side by side in one process. The last row measures less, and answers with plain data.\n`);
console.log(table(
  ['handler', 'median CPU µs', 'least CPU µs', '× Powertools, same work'],
  measured.map(({ name, times }) => [
    name, median(times).toFixed(1), Math.min(...times).toFixed(1), median(times.map((time, round) => time / same[round])).toFixed(2),
  ]),
));
console.log(`\nThe standard takes ${ratio.toFixed(2)} × Powertools' decorators, the median of pairs (limit ${LIMIT}).`);
process.exitCode = ratio <= LIMIT ? 0 : 1;
