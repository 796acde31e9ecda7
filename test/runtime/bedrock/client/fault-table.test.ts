import { FaultyBedrockServer } from '../../../support/faulty-bedrock-server/faulty-bedrock-server';
import { FAULT_CASES } from '../support/fault-cases';
import { boundMs, FaultRun, runAll, runThroughFactory } from '../support/fault-run';
import { SHORT_POLICY } from '../support/test-client';

const SLACK_MS = 250;
const AT_A_TIME = 8;
const LIMITER_MS = 2_000;

let server: FaultyBedrockServer;
const runs = new Map<string, FaultRun>();

beforeAll(async () => {
  server = await FaultyBedrockServer.start();
  await runAll(FAULT_CASES, AT_A_TIME, async faultCase => {
    runs.set(faultCase.name, await runThroughFactory(server, faultCase, SHORT_POLICY));
  });
}, 60_000);

afterAll(async () => {
  await server.stop();
  // The SDK's rate limiter cannot be told that nobody waits any more.
  await new Promise(resolve => setTimeout(resolve, LIMITER_MS));
});

describe.each(FAULT_CASES)('$name ($operation)', faultCase => {
  const run = () => runs.get(faultCase.name)!;

  test('ends as it must', () => {
    expect(run().outcome).toBe(faultCase.outcome);
  });

  test('is attempted as often as the policy says', () => {
    expect(run().attempts).toBe(faultCase.attempts);
  });

  test('ends in the time the policy gives', () => {
    expect(run().ms).toBeLessThanOrEqual(boundMs(faultCase, SHORT_POLICY) + SLACK_MS);
  });
});
