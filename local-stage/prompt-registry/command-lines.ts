import { createInterface } from 'readline';
import { run } from '../../cli/program';

/** A command line of `plumbline`, as it ended. */
export interface Ended {
  readonly line: readonly string[];
  readonly code: number;
  readonly said: string;
}

/**
 * The process of command lines of `plumbline`, so that the SDK is loaded once. It comes from cli/: what is shown is what stands in this
 * checkout, bundled or not.
 *
 * Each line of its input is a list of command lines, as JSON; it answers each with a line.
 */
async function main(): Promise<void> {
  for await (const text of createInterface({ input: process.stdin })) {
    const ended: Ended[] = [];
    for (const line of JSON.parse(text) as readonly (readonly string[])[]) ended.push(await ran(line));
    process.stdout.write(`${JSON.stringify(ended)}\n`);
  }
}

async function ran(line: readonly string[]): Promise<Ended> {
  const said: string[] = [];
  const keep = (text: string): void => { said.push(text); };
  const code = await run(line, { cwd: process.cwd(), print: keep, write: keep, tell: keep });
  return { line, code, said: said.join('\n') };
}

if (require.main === module) {
  main().catch(error => {
    console.error(error);
    process.exitCode = 1;
  });
}
