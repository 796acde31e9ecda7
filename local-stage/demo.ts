import { mkdtempSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { performance } from 'perf_hooks';
import { LocalStage, LocalStageOptions } from './local-stage';
import { HELP, parseOptions } from './options';
import { PlatformsStage } from './platforms/platforms-stage';
import { Palette, paletteFor } from './report/palette';
import { platformsText } from './report/platforms-report';
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
  const means = { programs: new Programs(), cleanUp, progress, port: options.port };
  try {
    const { json, platforms } = options;
    return platforms ? await showPlatforms(means, json, options.out) : await showIncidents(means, json);
  } finally {
    await cleanUp.run();
    stopListening();
  }
}

async function showIncidents(means: LocalStageOptions, json: boolean): Promise<number> {
  const findings = await new LocalStage(means).run();
  return told(means, findings, json ? asJson : textReport);
}

async function showPlatforms(means: LocalStageOptions, json: boolean, out = pictureInNewFolder()): Promise<number> {
  const findings = await new PlatformsStage({ ...means, out }).run();
  return told(means, findings, json ? asJson : platformsText);
}

/** Before the demo takes a temporary folder of its own, which goes with it. */
function pictureInNewFolder(): string {
  return join(mkdtempSync(join(tmpdir(), 'plumbline-picture-')), 'picture.jpg');
}

interface Told {
  readonly ok: boolean;
  readonly installedInSeconds?: number;
}

/** Tells what was found, with everything stopped and removed; the exit code. */
async function told<T extends Told>(
  { cleanUp, progress }: LocalStageOptions, findings: T, write: (report: T & { readonly seconds: number }, palette: Palette) => string,
): Promise<number> {
  await progress.step('Stop and remove everything', () => cleanUp.run());
  const seconds = performance.now() / 1000 - (findings.installedInSeconds ?? 0);
  process.stdout.write(write({ ...findings, seconds }, paletteFor(process.stdout)));
  return findings.ok ? EXIT.asExpected : EXIT.notAsExpected;
}

function asJson(report: object): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
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
