import { runSynthCases } from './synth-cases';

// What the CDK says goes elsewhere; the result is the last line of standard output.
process.stdout.write(`\n${JSON.stringify(runSynthCases(process.argv[2]))}\n`);
