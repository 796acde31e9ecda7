import { execFile } from 'child_process';
import { join } from 'path';
import { promisify } from 'util';
import { median } from './support/statistics';
import { runtimePython } from '../build-tools/runtime-python';
import { table } from '../build-tools/table';
import { getPrompt } from '../runtime/node';
import { FakePromptRegistry } from '../test/support/prompt-registry/fake-prompt-registry';
import { deployed, KEY_ARN, published } from '../test/support/prompt-registry/signed-prompts';

/** Microseconds of CPU that a prompt from the warm cache may add to an invocation. */
const LIMITS = { 'Node.js': 50, 'Python': 100 } as const;
const ROUNDS = 60;
const CALLS = 500;
const SENTENCE = 'Answer as a bookseller who knows every series, and name the volume that you speak of. ';
const VARIABLES = { title: 'Akira', reader: 'a reader of twelve years', question: 'Which volume do I begin with? '.repeat(8) };

/** A prompt as services have them: 4 kB in two messages, three variables, a candidate beside it. */
function deployPrompt(registry: FakePromptRegistry): void {
  const variables = Object.fromEntries(Object.keys(VARIABLES).map(name => [name, { sample: 'x', maxLength: 2_000 }]));
  const [active, candidate] = ['1.0.0', '1.1.0'].map(version => published({
    version,
    variables,
    content: {
      messages: [
        { role: 'system', text: `${version} ${SENTENCE.repeat(40)} The reader is {{reader}}.` },
        { role: 'user', text: `${SENTENCE.repeat(5)} {{question}} It is about {{title}}, {{ title }}.` },
      ],
    },
  }));
  for (const prompt of [active, candidate]) registry.put(prompt);
  registry.deploy(deployed(active.release, { candidate: { ...candidate.release, percent: 10 } }));
}

async function nodeTimes(): Promise<number[]> {
  const times: number[] = [];
  for (let round = -5; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    for (let call = 0; call < CALLS; call++) await getPrompt('greeting', { variables: VARIABLES, sessionKey: `s${call}` });
    const { user, system } = process.cpuUsage(before);
    if (round >= 0) times.push((user + system) / CALLS);
  }
  return times;
}

async function pythonTimes(): Promise<number[]> {
  const { stdout } = await promisify(execFile)(
    join(runtimePython(), 'python'),
    [join(__dirname, 'support', 'get_prompt.py'), String(ROUNDS), String(CALLS), JSON.stringify(VARIABLES)],
    { env: { ...process.env, PYTHONPATH: join(__dirname, '..', 'runtime', 'python'), PYTHONDONTWRITEBYTECODE: '1' }, encoding: 'utf8' },
  );
  return JSON.parse(stdout.trim().split('\n').pop()!) as number[];
}

async function main(): Promise<void> {
  const registry = await FakePromptRegistry.start();
  deployPrompt(registry);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: registry.url,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    PLUMBLINE_PROMPTS: JSON.stringify({
      bucket: 'registry', table: 'registry', key: KEY_ARN, region: 'us-east-1', environment: 'prod', prompts: { greeting: {} },
    }),
  });
  const measured = { 'Node.js': await nodeTimes(), 'Python': await pythonTimes() };
  registry.stop();
  console.log(`\nA prompt of 4 kB with three variables and a session key, from the warm cache; ${ROUNDS} rounds of ${CALLS} calls.\n`);
  const languages = Object.entries(measured) as [keyof typeof LIMITS, number[]][];
  console.log(table(
    ['language', 'median CPU µs a call', 'least CPU µs', 'limit'],
    languages.map(([language, times]) => [language, median(times).toFixed(1), Math.min(...times).toFixed(1), LIMITS[language]]),
  ));
  process.exitCode = languages.every(([language, times]) => median(times) < LIMITS[language]) ? 0 : 1;
}

void main();
