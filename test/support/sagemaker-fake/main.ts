import { createInterface } from 'node:readline';
import type { FakeModel } from './answers';
import { type BehaviourName, BEHAVIOURS } from './behaviours';
import { SageMakerFake } from './sagemaker-fake';

const ENDPOINTS: Readonly<Record<string, FakeModel>> = { text: 'falcon' };
const HELP = `A SageMaker that fails to order, for any language. It has the endpoints ${Object.keys(ENDPOINTS).join(', ')}.
  tsx test/support/sagemaker-fake/main.ts
Prints its address as a line of JSON when it is ready. Each line of its standard input is a JSON list of behaviours, played from then on,
or an empty one, which changes nothing; it prints what was seen since the last play. Ends when its standard input closes.
Behaviours: ${Object.keys(BEHAVIOURS).join(', ')}.`;

async function main(): Promise<void> {
  if (process.argv.includes('--help')) return console.log(HELP);
  const fake = await SageMakerFake.start(ENDPOINTS);
  console.log(JSON.stringify({ url: fake.url }));
  for await (const line of createInterface({ input: process.stdin })) {
    const seen = fake.seen.map(({ endpoint, operation, behaviour, headers }) => ({ endpoint, operation, behaviour, headers }));
    const [first, ...rest] = JSON.parse(line) as BehaviourName[];
    if (first !== undefined) fake.play(first, ...rest);
    console.log(JSON.stringify({ seen }));
  }
  await fake.stop();
}

main().catch(error => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
});
