import { createRequire } from 'node:module';

/**
 * Calls Bedrock through one client, as often as its parent asks, and tells how long each call took. One client a process:
 * two in one would share what V8 has compiled, and the first would warm up the second.
 */
const require = createRequire(import.meta.url);
const LAYER = '../../assets/runtime/node-layer/nodejs/plumbline/index.js';
const REQUEST = { modelId: 'amazon.nova-pro-v1:0', messages: [{ role: 'user', content: [{ text: 'Recommend a manga.' }] }] };

const CALLERS = {
  http1: () => {
    const { NodeHttpHandler } = require('@smithy/node-http-handler');
    return sender({ requestHandler: new NodeHttpHandler() });
  },
  http2: () => sender({}),
  factory: () => {
    const client = require(LAYER).BedrockClientFactory.create({ taskType: 'synthesis' });
    return () => client.converse(REQUEST);
  },
};

function sender(config) {
  const { BedrockRuntimeClient, ConverseCommand } = require('@aws-sdk/client-bedrock-runtime');
  const client = new BedrockRuntimeClient(config);
  return () => client.send(new ConverseCommand(REQUEST));
}

const call = CALLERS[process.argv[2]]();
// Log line and metrics are made and formatted as in Lambda; only the screen is spared.
process.stdout.write = () => true;

process.on('message', async count => {
  const ms = [];
  const cpu = process.cpuUsage();
  for (let number = 0; number < count; number++) {
    const started = performance.now();
    await call();
    ms.push(performance.now() - started);
  }
  const { user, system } = process.cpuUsage(cpu);
  process.send({ ms, cpuMicros: (user + system) / count });
});
process.on('disconnect', () => process.exit());
