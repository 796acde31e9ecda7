import { runSynthCases } from './incidents/synth-cases';
import { SYNTHESISED } from './synthesis-line';

/**
 * The process of everything that the CDK synthesises, so that its library is loaded once: first the apps that are
 * deployed, each into its folder, then the cases that must be refused.
 *
 * Arguments: a folder for the cases, then pairs of an app's file and its folder.
 */
async function main([casesFolder, ...apps]: readonly string[]): Promise<void> {
  for (let index = 0; index < apps.length; index += 2) {
    process.env.CDK_OUTDIR = apps[index + 1];
    await import(apps[index]);
    // With its findings the CDK sets the exit code, and goes on.
    if (process.exitCode) return;
  }
  delete process.env.CDK_OUTDIR;
  tell(SYNTHESISED);
  tell(JSON.stringify(runSynthCases(casesFolder)));
}

/** What the CDK itself says may lack the end of a line. */
function tell(line: string): void {
  process.stdout.write(`\n${line}\n`);
}

main(process.argv.slice(2)).catch(error => {
  console.error(error);
  process.exitCode = 1;
});
