import { runSynthCases } from './incidents/synth-cases';
import { SYNTHESISED } from './synthesis-line';
import { synthesiseApps } from './synthesise-apps';

/**
 * The process of everything that the CDK synthesises: first the apps that are deployed, each into its folder, then the cases that must
 * be refused.
 *
 * Arguments: a folder for the cases, then pairs of an app's file and its folder.
 */
async function main([casesFolder, ...apps]: readonly string[]): Promise<void> {
  if (!await synthesiseApps(apps)) return;
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
