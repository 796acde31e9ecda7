import { run } from '../../cli/program';

/** A command line of `plumbline`, as it ended. */
export interface Ended {
  readonly line: readonly string[];
  readonly code: number;
  readonly said: string;
}

/**
 * The process of command lines of `plumbline`, one after the other, so that the SDK is loaded once. It comes from cli/: what is shown
 * is what stands in this checkout, bundled or not.
 *
 * Argument: a list of lists of words, as JSON.
 */
async function main(lines: readonly (readonly string[])[]): Promise<void> {
  const ended: Ended[] = [];
  for (const line of lines) {
    const said: string[] = [];
    const keep = (text: string): void => { said.push(text); };
    const code = await run(line, { cwd: process.cwd(), print: keep, write: keep, tell: keep });
    ended.push({ line, code, said: said.join('\n') });
  }
  process.stdout.write(`${JSON.stringify(ended)}\n`);
}

if (require.main === module) {
  main(JSON.parse(process.argv[2]) as string[][]).catch(error => {
    console.error(error);
    process.exitCode = 1;
  });
}
