import { FAULT_CASES } from './support/fault-cases';
import { boundMs, FaultRun, runThroughFactory } from './support/fault-run';
import { SHORT_POLICY } from './support/test-client';
import { FaultyBedrockServer } from '../../support/faulty-bedrock-server/faulty-bedrock-server';

const SLACK_MS = 250;
const AT_A_TIME = 8;

let server: FaultyBedrockServer;
const runs = new Map<string, FaultRun>();

beforeAll(async () => {
  server = await FaultyBedrockServer.start();
  const waiting = [...FAULT_CASES];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) runs.set(next.name, await runThroughFactory(server, next, SHORT_POLICY));
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}, 60_000);

afterAll(async () => server.stop());

describe.each(FAULT_CASES)('$name ($operation)', faultCase => {
  const run = () => runs.get(faultCase.name)!;

  test('ends as it must', () => {
    if (faultCase.outcome instanceof RegExp) expect(run().outcome).toMatch(faultCase.outcome);
    else expect(run().outcome).toBe(faultCase.outcome);
  });

  test('is attempted as often as the policy says', () => {
    expect(run().attempts).toBe(faultCase.attempts);
  });

  test('ends in the time the policy gives', () => {
    expect(run().ms).toBeLessThanOrEqual(boundMs(faultCase, SHORT_POLICY) + SLACK_MS);
  });
});
