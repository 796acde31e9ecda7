import { execFileSync } from 'child_process';
import { withInstalledPackage } from './support/installed-package';
import { median } from './support/statistics';
import { table } from '../build-tools/table';

/** What loading the library may cost, as a share of what loading the CDK costs. */
const MAX_RATIO = 1.3;
const ROUNDS = 21;

const BASE = "require('aws-cdk-lib')";
const LIBRARY = "require('cdk-plumbline')";

/** The last one says what is left to pay when every construct is used: the index loads each on first use. */
const STATEMENTS = [BASE, LIBRARY, "Object.values(require('cdk-plumbline'))"];

const times = withInstalledPackage(directory => {
  const measured = STATEMENTS.map((): number[] => []);
  STATEMENTS.forEach(statement => milliseconds(statement, directory)); // fills the file cache
  for (let round = 0; round < ROUNDS; round++) {
    // Side by side, so that a slow moment of the machine meets all of them.
    STATEMENTS.forEach((statement, index) => measured[index].push(milliseconds(statement, directory)));
  }
  return measured;
});

const medians = times.map(median);
const ratioOf = (time: number): string => (time / medians[0]).toFixed(2);
console.log(`A fresh Node ${process.version} process each, ${ROUNDS} rounds side by side; at most ${MAX_RATIO} × for ${LIBRARY}.\n`);
console.log(table(
  ['statement', 'median ms', 'fastest ms', 'slowest ms', '× aws-cdk-lib'],
  STATEMENTS.map((statement, index) => [
    statement, ...[medians[index], Math.min(...times[index]), Math.max(...times[index])].map(rounded), ratioOf(medians[index]),
  ]),
));

const ratio = medians[1] / medians[0];
if (ratio > MAX_RATIO) {
  console.error(`\n${LIBRARY} takes ${ratio.toFixed(2)} × ${BASE}; at most ${MAX_RATIO} × is allowed.`);
  process.exitCode = 1;
}

/** The time that one statement takes in a process that has done nothing else. */
function milliseconds(statement: string, directory: string): number {
  const script = `const start = process.hrtime.bigint(); ${statement}; console.log(Number(process.hrtime.bigint() - start) / 1e6);`;
  return Number(execFileSync(process.execPath, ['-e', script], { cwd: directory, encoding: 'utf8' }));
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
