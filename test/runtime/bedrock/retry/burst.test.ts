import { FaultyBedrockServer } from '../../../support/faulty-bedrock-server/faulty-bedrock-server';
import { sendAndRead } from '../support/commands';
import { FALLBACK, SHORT_POLICY, TASK_TYPE, testClient } from '../support/test-client';

const CALLS = 200;
/** Room for 200 answers from a server in the same process. */
const POLICY = { ...SHORT_POLICY, connectTimeoutMs: 6_000, readTimeoutMs: { default: 6_000, [TASK_TYPE]: 6_000 } };
jest.setTimeout(60_000);

let server: FaultyBedrockServer;

beforeAll(async () => { server = await FaultyBedrockServer.start(); });
afterAll(async () => server.stop());

async function burst(fault: string, fallback = true) {
  const plans = [`${fault}@burst-${fallback}`, `ok@burst-${fault}-${fallback}`];
  const fallbackUrl = fallback ? server.url(plans[1]) : undefined;
  const { client, ports } = testClient({ primaryUrl: server.url(plans[0]), fallbackUrl, policy: POLICY });
  const outcomes = await Promise.all(
    Array.from({ length: CALLS }, async () => sendAndRead(client, 'Converse').then(() => 'answered', String)),
  );
  client.destroy();
  return { outcomes, ports, requests: plans.map(plan => server.requestsOf(plan).length) };
}

describe(`of ${CALLS} calls at once, whose primary Region is lost`, () => {
  test.each(['unavailable', 'no-answer', 'reset-before-answer', 'throttle'])(
    'by %s, each is answered after at most three attempts',
    async fault => {
      const {
        outcomes,
        ports,
        requests: [primary, fallback],
      } = await burst(fault);
      expect(outcomes.filter(outcome => outcome !== 'answered')).toEqual([]);
      expect(ports.calls).toHaveLength(CALLS);
      for (const call of ports.calls) expect(call).toMatchObject({ outcome: 'success', region: FALLBACK });
      expect(Math.max(...ports.calls.map(({ attempts }) => attempts as number))).toBeLessThanOrEqual(POLICY.maxAttempts);
      // The quota is what keeps the lost Region from getting every attempt twice.
      expect(primary).toBeLessThan(2 * CALLS);
      expect(fallback).toBe(CALLS);
    },
  );

  test('and that may not fall back, most fail after one attempt: the quota is spent', async () => {
    const { outcomes, requests: [primary] } = await burst('unavailable', false);
    expect(outcomes).not.toContain('answered');
    expect(primary).toBeLessThan(1.5 * CALLS);
  });
});
