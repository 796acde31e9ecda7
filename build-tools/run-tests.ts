import { tmpdir } from 'os';
import { parseArgs } from 'util';
import { runCommand, say } from './command-line';
import { useOwnTemporaryFolder } from './temporary-folder';
import { STEPS } from './testing/all-steps';
import { executeStep } from './testing/execute';
import { leftovers } from './testing/leftovers';
import { LimitedPrograms, ROOT } from './testing/programs';
import { Report, succeeded } from './testing/report';
import { runSteps } from './testing/schedule';
import { selectSteps } from './testing/select';

/** Of the machine that the time of a run is promised for. On a larger one as much runs at a time: some tests have limits of time. */
const CORES = 2;

const HELP = `npm test                        all steps
npm test -- --only jest,eslint  only these, and nothing they depend on
npm test -- --list              the names of the steps`;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { only: { type: 'string' }, list: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help) return say(HELP);
  if (values.list) return say(STEPS.map(step => `${step.name.padEnd(12)} ${step.description}`).join('\n'));

  const chosen = selectSteps(STEPS, values.only);
  const machine = tmpdir();
  const temporary = useOwnTemporaryFolder('plumbline-test-');
  const steps = [...chosen, leftovers({ temporary: machine, tree: ROOT }, chosen.map(step => step.name))];
  const programs = new LimitedPrograms();
  programs.stopWhenInterrupted();

  const start = Date.now();
  const report = new Report(steps.length, line => console.log(line));
  try {
    const results = await runSteps(steps, CORES, async step => {
      report.started(step);
      const result = await executeStep(step, programs, temporary);
      report.ended(result);
      return result;
    });
    report.finished(results, (Date.now() - start) / 1000);
    return results.every(succeeded) ? 0 : 1;
  } finally {
    programs.stop();
  }
}

runCommand(main);
