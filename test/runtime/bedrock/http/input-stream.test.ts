import { InvokeModelWithBidirectionalStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { STANDARD_POLICY } from '../../../../runtime/node/bedrock/client/client-policy';
import { FaultyBedrockServer } from '../../../support/faulty-bedrock-server/faulty-bedrock-server';
import { MODEL, testClient } from '../support/test-client';

const SOON_MS = 100;
const PROMPT_MS = 400;
let server: FaultyBedrockServer;

beforeAll(async () => { server = await FaultyBedrockServer.start(); });
afterAll(async () => server.stop());

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));
const word = { chunk: { bytes: new TextEncoder().encode('konnichiwa') } };

/** A microphone that breaks. */
async function* broken(cause: Error, afterMs: number): AsyncGenerator<typeof word> {
  yield word;
  await pause(afterMs);
  throw cause;
}

describe('an input stream that fails ends its call at once, with its cause', () => {
  test.each([
    ['before the answer begins', 'no-answer', 0],
    ['while the answer is awaited', 'no-answer', SOON_MS],
    ['after the answer began', 'stall-in-stream', SOON_MS],
    ['before the connection stands', 'blackHole', 0],
  ])('%s', async (_when, fault, afterMs) => {
    const cause = new Error('the microphone broke');
    const url = fault === 'blackHole' ? server.url('ok', 'blackHole') : server.url(`${fault}@input ${afterMs}`, 'h2c');
    // The limits of the standard: none of them ends the call in the time of these tests.
    const { client, ports } = testClient({ primaryUrl: url, policy: STANDARD_POLICY });
    const started = performance.now();
    const read = async () => {
      const { body } = await client.send(new InvokeModelWithBidirectionalStreamCommand({ modelId: MODEL, body: broken(cause, afterMs) }));
      for await (const _event of body!);
    };
    const error = await read().then(() => undefined, (reason: unknown) => reason);
    // Before the answer begins the SDK puts an error of its own around it.
    expect([error, (error as Error).cause]).toContain(cause);
    expect(performance.now() - started).toBeLessThan(afterMs + PROMPT_MS);
    expect(ports.calls).toHaveLength(1);
    client.destroy();
  });
});
