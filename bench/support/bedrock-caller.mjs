import { createRequire } from 'node:module';

/**
 * Calls Bedrock through one client, as often as its parent asks, and tells how long each call took. One client a process:
 * two in one would share what V8 has compiled, and the first would warm up the second.
 */
const require = createRequire(import.meta.url);
const LAYER = '../../assets/runtime/node-layer/nodejs/plumbline/index.js';
const { BedrockRuntimeClient, ConverseCommand } = require('@aws-sdk/client-bedrock-runtime');

const CLIENTS = {
  http1: () => new BedrockRuntimeClient({ requestHandler: new (require('@smithy/node-http-handler').NodeHttpHandler)() }),
  http2: () => new BedrockRuntimeClient({}),
  factory: () => require(LAYER).BedrockClientFactory.create({ taskType: 'synthesis' }),
};

const client = CLIENTS[process.argv[2]]();
// Log line and metrics are made and formatted as in Lambda; only the screen is spared.
process.stdout.write = () => true;

process.on('message', async calls => {
  const ms = [];
  const cpu = process.cpuUsage();
  for (let call = 0; call < calls; call++) {
    const started = performance.now();
    await client.send(new ConverseCommand({ modelId: 'amazon.nova-pro-v1:0', messages: [{ role: 'user', content: [{ text: 'Recommend a manga.' }] }] }));
    ms.push(performance.now() - started);
  }
  const { user, system } = process.cpuUsage(cpu);
  process.send({ ms, cpuMicros: (user + system) / calls });
});
process.on('disconnect', () => process.exit());
