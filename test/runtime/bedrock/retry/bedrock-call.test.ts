import * as fc from 'fast-check';
import { CallReport } from '../../../../runtime/node/bedrock/client/call-report';
import { ClientPolicy, STANDARD_POLICY } from '../../../../runtime/node/bedrock/client/client-policy';
import { BedrockCall, CallSurroundings } from '../../../../runtime/node/bedrock/retry/bedrock-call';
import { RegionCircuit } from '../../../../runtime/node/bedrock/retry/region-circuit';
import { RegionPacing } from '../../../../runtime/node/bedrock/retry/region-pacing';
import { FALLBACK, PRIMARY, RecordingPorts } from '../support/test-client';

/** No waits, and no connection between the runs of a property. */
const POLICY: ClientPolicy = { ...STANDARD_POLICY, maxRetryWaitMs: 0 };
const LIMITS = { connectMs: 1_000, readMs: 1_000, deadline: Infinity };

const FAILURES = {
  timeout: () => Object.assign(new Error(), { name: 'TimeoutError' }),
  reset: () => Object.assign(new Error(), { code: 'ECONNRESET' }),
  throttled: () => Object.assign(new Error(), { name: 'ThrottlingException', $metadata: { httpStatusCode: 429 } }),
  server: () => Object.assign(new Error(), { name: 'InternalServerException', $metadata: { httpStatusCode: 500 } }),
  refused: () => Object.assign(new Error(), { name: 'ValidationException', $metadata: { httpStatusCode: 400 } }),
};
type Outcome = keyof typeof FAILURES | 'ok';
const RETRIED: readonly Outcome[] = ['timeout', 'reset', 'throttled', 'server'];

const outcomes = fc.array(fc.constantFrom<Outcome>('ok', 'timeout', 'reset', 'throttled', 'server', 'refused'), {
  minLength: 3,
  maxLength: 3,
});
const calls = fc.array(
  fc.record({ outcomes, reroutable: fc.boolean(), repeatable: fc.boolean(), passedMs: fc.integer({ min: 0, max: 40_000 }) }),
  {
    minLength: 1,
    maxLength: 12,
  },
);

interface Seen {
  readonly attempts: { readonly region: string; readonly outcome: Outcome }[];
  readonly error: unknown;
  readonly fallbacks: number;
}

class World {
  public readonly ports = new RecordingPorts();
  public nowMs = 0;
  public readonly circuit = new RegionCircuit(POLICY.circuit, () => this.nowMs);

  public async call(planned: readonly Outcome[], { reroutable = true, repeatable = true } = {}): Promise<Seen> {
    const attempts: Seen['attempts'][number][] = [];
    const counted = this.ports.fallbackCounts.length;
    const send = async (region: string) => {
      const outcome = planned[attempts.length];
      attempts.push({ region, outcome });
      if (outcome !== 'ok') throw FAILURES[outcome]();
      return 'answer';
    };
    const request = { limits: LIMITS, primary: PRIMARY, fallback: reroutable ? FALLBACK : undefined, repeatable, signal: undefined, send };
    const error = await new BedrockCall(request, this.surroundings()).run().then(() => undefined, (reason: unknown) => reason);
    return { attempts, error, fallbacks: this.ports.fallbackCounts.length - counted };
  }

  private surroundings(): CallSurroundings {
    const report = new CallReport(this.ports, { operation: 'Converse', modelId: 'm', taskType: 't', limits: LIMITS });
    const pacings = new Map<string, RegionPacing>();
    const pacing = (region: string) => pacings.get(region) ?? pacings.set(region, new RegionPacing(POLICY)).get(region)!;
    return { policy: POLICY, circuit: this.circuit, observer: report, pacing };
  }
}

/** Runs the calls of a history one after the other in one world, and looks at each. */
async function inAnyHistory(look: (seen: Seen, call: { reroutable: boolean; repeatable: boolean }, world: World) => void): Promise<void> {
  await fc.assert(fc.asyncProperty(calls, async history => {
    const world = new World();
    for (const call of history) {
      world.nowMs += call.passedMs;
      look(await world.call(call.outcomes, call), call, world);
    }
  }), { numRuns: 60 });
}

describe('in any history of calls', () => {
  test('a call has at most three attempts, over both Regions together', async () => {
    await inAnyHistory(({ attempts }) => expect(attempts.length).toBeLessThanOrEqual(3));
  });

  test('a call ends with its first answer, and with the first failure that is not retried', async () => {
    await inAnyHistory(({ attempts }) => {
      expect(attempts.slice(0, -1).filter(({ outcome }) => !RETRIED.includes(outcome))).toEqual([]);
    });
  });

  test('a call that may be repeated uses its whole budget before it fails by something that is retried', async () => {
    await inAnyHistory(({ attempts, error }, { repeatable }) => {
      if (error === undefined || !RETRIED.includes(attempts[attempts.length - 1].outcome)) return;
      expect(attempts).toHaveLength(repeatable ? 3 : 1);
    });
  });

  test('no Region sees a third attempt of a call that may go to both', async () => {
    await inAnyHistory(({ attempts }, { reroutable }) => {
      const inFirst = attempts.filter(({ region }) => region === attempts[0].region).length;
      expect(inFirst).toBeLessThanOrEqual(reroutable ? POLICY.regions.failuresBeforeFallback : POLICY.maxAttempts);
    });
  });

  test('a call that may go nowhere else goes nowhere else', async () => {
    await inAnyHistory(({ attempts }, { reroutable }) => {
      if (!reroutable) expect(attempts.every(({ region }) => region === PRIMARY)).toBe(true);
    });
  });

  test('a fallback is counted and logged once for each call that went to the fallback Region, and for no other', async () => {
    await inAnyHistory(({ attempts, fallbacks }, _call, { ports }) => {
      expect(fallbacks).toBe(attempts.some(({ region }) => region === FALLBACK) ? 1 : 0);
      expect(ports.fallbacks).toHaveLength(ports.fallbackCounts.length);
    });
  });

  test('every throttled attempt is counted, and no other', async () => {
    const throttled = new Map<World, number>();
    await inAnyHistory(({ attempts }, _call, world) => {
      throttled.set(world, (throttled.get(world) ?? 0) + attempts.filter(({ outcome }) => outcome === 'throttled').length);
      expect(world.ports.throttlings).toHaveLength(throttled.get(world)!);
    });
  });

  test('every call is reported once, with as many attempts as it had', async () => {
    await inAnyHistory(({ attempts }, _call, { ports }) => {
      expect(ports.calls[ports.calls.length - 1].attempts).toBe(attempts.length);
      expect(ports.invocations).toHaveLength(ports.calls.length);
    });
  });
});

test('a probe that fails leaves the primary Region after one attempt', async () => {
  const world = new World();
  for (let call = 0; call < 3; call += 1) await world.call(['server', 'server', 'ok']);
  world.nowMs += POLICY.circuit.openMs;
  const { attempts } = await world.call(['timeout', 'ok']);
  expect(attempts.map(({ region }) => region)).toEqual([PRIMARY, FALLBACK]);
});
