import { performance } from 'perf_hooks';
import { LocalStage } from './local-stage';
import { HELP, parseOptions } from './options';
import { paletteFor } from './report/palette';
import { Progress } from './report/progress';
import { textReport } from './report/text-report';
import { CleanUp } from './system/clean-up';
import { DemoError } from './system/demo-error';
import { ProgramFailure, Programs } from './system/programs';

const EXIT = { asExpected: 0, notAsExpected: 1, couldNotRun: 2 };

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    console.log(HELP);
    return EXIT.asExpected;
  }
  if (process.platform === 'win32') {
    throw new DemoError('The local stage needs process groups, which Windows does not have.', 'Run it in WSL.');
  }
  const progress = new Progress(paletteFor(process.stderr));
  const cleanUp = new CleanUp();
  const stopListening = cleanUp.onSignals(signal => progress.line(`  ${signal}: stopping everything that was started …`));
  try {
    const findings = await new LocalStage({ programs: new Programs(), cleanUp, progress, port: options.port }).run();
    await progress.step('Stop and remove everything', () => cleanUp.run());
    const report = { ...findings, seconds: performance.now() / 1000 - (findings.installedInSeconds ?? 0) };
    process.stdout.write(options.json ? `${JSON.stringify(report, undefined, 2)}\n` : textReport(report, paletteFor(process.stdout)));
    return report.ok ? EXIT.asExpected : EXIT.notAsExpected;
  } finally {
    await cleanUp.run();
    stopListening();
  }
}

/** Something that waits for an answer of what has been stopped must not keep the command from ending. */
const LAST_PATIENCE_MS = 3_000;

main().then(
  code => { process.exitCode = code; },
  error => {
    console.error(error instanceof DemoError || error instanceof ProgramFailure ? `demo: ${error.message}` : error);
    process.exitCode = EXIT.couldNotRun;
  },
).finally(() => setTimeout(() => process.exit(), LAST_PATIENCE_MS).unref());
