import { performance } from 'node:perf_hooks';
import { sendAndRead } from './commands';
import { CREDENTIALS, SHORT_POLICY, testClient } from './test-client';

let credentialsMs = 0;
const { client, ports } = testClient({
  primaryUrl: process.argv[2],
  policy: { ...SHORT_POLICY, connectTimeoutMs: 2_000, readTimeoutMs: { default: 2_000, classification: 2_000 } },
  // Asked for each call: these are always about to expire.
  credentials: async () => {
    await new Promise(resolve => setTimeout(resolve, credentialsMs));
    return { ...CREDENTIALS, expiration: new Date(Date.now() + 1_000) };
  },
});

process.on('message', async (message: { credentialsMs: number }) => {
  ({ credentialsMs } = message);
  const started = performance.now();
  const outcome = await sendAndRead(client, 'Converse').then(() => 'success', (error: Error) => error.name);
  process.send!({ outcome, attempts: ports.calls[ports.calls.length - 1].attempts, ms: performance.now() - started });
});
process.on('disconnect', () => process.exit());
process.send!('ready');
