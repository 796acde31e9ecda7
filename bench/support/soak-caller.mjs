import { readdirSync, readlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';

/** Makes many calls through the layer's factory, some at a time, and tells what they took and what they left behind. */
const [calls, atOnce, settleMs] = process.argv.slice(2).map(Number);
const { BedrockClientFactory } = createRequire(import.meta.url)('../../assets/runtime/node-layer/nodejs/plumbline/index.js');
const REQUEST = { modelId: 'amazon.nova-pro-v1:0', messages: [{ role: 'user', content: [{ text: 'Recommend a manga.' }] }] };
const client = BedrockClientFactory.create({ taskType: 'synthesis' });
// Log lines and metrics are made as in Lambda; only the screen is spared.
process.stdout.write = () => true;

async function makeCalls(count, latencies, outcomes) {
  let left = count;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (; left > 0;) {
      left -= 1;
      const started = performance.now();
      const outcome = await client.converse(REQUEST).then(({ $metadata }) => `answered, attempts: ${$metadata.attempts}`, error => error.name);
      latencies.push(performance.now() - started);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
  }));
}

function held() {
  for (let round = 0; round < 3; round += 1) globalThis.gc();
  const listeners = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
  const timers = process.getActiveResourcesInfo().filter(resource => resource === 'Timeout').length;
  return { sockets: openSockets(), listeners, timers, heapBytes: process.memoryUsage().heapUsed };
}

function openSockets() {
  const isSocket = descriptor => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`).startsWith('socket:');
    } catch {
      return false;
    }
  };
  return readdirSync('/proc/self/fd').filter(isSocket).length;
}

await makeCalls(10 * atOnce, [], {});
await pause(settleMs);
const before = held();
const latencies = [];
const outcomes = {};
await makeCalls(calls, latencies, outcomes);
await pause(settleMs);
latencies.sort((a, b) => a - b);
const [p50, p99] = [0.5, 0.99].map(share => latencies[Math.floor(share * (calls - 1))]);
// Nothing else is done to end this process: what still holds it is a fault.
process.send({ before, after: held(), p50, p99, outcomes }, () => process.disconnect());
