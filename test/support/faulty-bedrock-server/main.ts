import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { FaultyBedrockServer } from './faulty-bedrock-server';

const HELP = `A Bedrock that fails to order, for any language.
  tsx test/support/faulty-bedrock-server/main.ts [--port N] [--lifetime SECONDS] [--certificate FILE]
Prints one line of JSON with its ports when it is ready. Ends on SIGTERM, when its standard input closes, or after its lifetime (600 s).
Fault of a request: path prefix /fault/<name>[,<name>…][@<case>]/, header x-fault, or PUT /__faults with a JSON list of names.
GET /__faults lists the names, GET /__requests what came in, DELETE /__faults forgets both.
GET /__connections counts the connections, PUT drops them silently, DELETE closes them.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { port: { type: 'string' }, lifetime: { type: 'string' }, certificate: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) return console.log(HELP);
  const server = await FaultyBedrockServer.start({
    port: wholeNumber(values.port, 0),
    lifetimeMs: wholeNumber(values.lifetime, 600) * 1_000,
  });
  if (values.certificate) writeFileSync(values.certificate, server.certificate.cert);
  console.log(JSON.stringify(server.ports));

  const stop = () => void server.stop();
  void server.stopped.then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.stdin.once('end', stop).once('close', stop).resume();
}

function wholeNumber(given: string | undefined, fallback: number): number {
  if (given === undefined) return fallback;
  if (!/^\d+$/.test(given)) throw new RangeError(`"${given}" is not a whole number`);
  return Number(given);
}

main().catch(error => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
});
