import { spawnSync } from 'child_process';
import { join } from 'path';
import { lambdaNode } from '../build-tools/lambda-node';
import { median } from './support/statistics';
import { table } from '../build-tools/table';

/** An invocation under the standard takes at most as long as one under Powertools and middy with the same lines and the same answer. */
const MAX_RATIO = 1.0;
const ROUNDS = 60;

interface Measured {
  readonly name: string;
  /** Microseconds an invocation, one figure a round. */
  readonly times: readonly number[];
}

const { status, stdout, stderr, output } = spawnSync(lambdaNode(), [join(__dirname, 'support', 'runtime-handlers.mjs'), String(ROUNDS)], {
  // The handlers write their lines to nowhere, and the script its figures to a fourth stream.
  stdio: ['ignore', 'ignore', 'pipe', 'pipe'], encoding: 'utf8',
});
if (status !== 0) throw new Error(`The handlers did not run: ${stderr}${stdout ?? ''}`);
const measured = JSON.parse(String(output[3])) as Measured[];

const [ours, same] = measured.map(({ times }) => median(times));
const rounded = (value: number): number => Math.round(value * 10) / 10;
console.log('One log line, one metric under three dimension sets, an envelope; µs an invocation on Lambda\'s Node, '
  + `${ROUNDS} rounds side by side in one process. The last row logs and measures less, and answers with plain data.\n`);
console.log(table(
  ['handler', 'median µs', 'fastest µs', '× Powertools + middy, same work'],
  measured.map(({ name, times }) => [name, rounded(median(times)), rounded(Math.min(...times)), (median(times) / same).toFixed(2)]),
));

if (ours / same > MAX_RATIO) {
  console.error(`\nThe standard takes ${(ours / same).toFixed(2)} × Powertools and middy; at most ${MAX_RATIO} × is allowed.`);
  process.exitCode = 1;
}
