import { mkdirSync, readFileSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { Programs } from './system/programs';
import { bin, ROOT } from './system/project';

/**
 * Runs the demo and writes what it really printed: `npx tsx local-stage/write-page.ts` into docs/demo.md; with `--platforms` into
 * docs/platforms.md, and the picture beside it.
 */
const DOCS = join(ROOT, 'docs');
const PICTURE = join(DOCS, 'pictures', 'heron.jpg');

const BEFORE = `# The local stage

\`npm ci && npm run demo\` needs Node, Python 3.11 or newer, and no AWS account. It

1. installs a local AWS ([ministack](https://pypi.org/project/ministack/)) into \`.local-stage/\`, on the first run only,
2. synthesises [examples/manga-assist](https://github.com/cdk-plumbline/cdk-plumbline/blob/main/examples/manga-assist) under AwsSolutions and PlumblineChecks,
3. deploys it with the CDK CLI to the local AWS on a loopback port, and sends it real HTTP requests; beside it the stack of the
   [README](../README.md), of whose alarms none may ring while nobody calls,
4. runs the code of the example's container as a process, and looks for its metrics in the local CloudWatch,
5. brings the example's prompts from Git into service by \`plumbline prompts\`, tries a second version with a tenth of the sessions, and
   takes it back,
6. replays the five drift incidents, and says for each where it was stopped, with the evidence,
7. stops and removes everything it started, also after Ctrl-C.

Bedrock is a server of our own that answers, throttles, or accepts and never answers. Credentials are invented, and those of your
machine are kept from everything the demo starts. \`--json\` gives the report to machines, \`--port N\` chooses the port, and the exit code
is 0 only when everything came out as expected.

\`npm run demo -- --platforms\` shows something else in their place: the two platforms, deployed and called, and a picture
([what it printed](platforms.md#demo)).

What it printed (written by \`npx tsx local-stage/write-page.ts\`):

\`\`\`text
`;

async function main(): Promise<void> {
  if (process.argv.includes('--platforms')) return writePlatforms();
  writeFileSync(join(DOCS, 'demo.md'), `${BEFORE}${await printed()}\n\`\`\`\n`);
}

async function writePlatforms(): Promise<void> {
  const page = join(DOCS, 'platforms.md');
  mkdirSync(dirname(PICTURE), { recursive: true });
  const text = (await printed('--platforms', '--out', PICTURE)).replaceAll(`${ROOT}/`, '');
  const [, before, after] = /^([^]*<!-- demo: begin -->\n)[^]*(\n<!-- demo: end -->[^]*)$/.exec(readFileSync(page, 'utf8'))!;
  writeFileSync(page, `${before}\`\`\`text\n${text}\n\`\`\`${after}`);
}

async function printed(...options: string[]): Promise<string> {
  const { stdout } = await new Programs().run(bin('tsx'), [join(__dirname, 'demo.ts'), ...options], {
    cwd: ROOT,
    onOutput: text => process.stderr.write(text),
  });
  return stdout.trim();
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
