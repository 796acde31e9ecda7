import * as fc from 'fast-check';
import { CircuitDecision, RegionCircuit } from '../../../../runtime/node/bedrock/retry/region-circuit';

const SETTINGS = { fallbacksToOpen: 3, openMs: 1_000 };

function circuit() {
  const clock = { now: 0 };
  return { clock, circuit: new RegionCircuit(SETTINGS, () => clock.now) };
}

/** One call against a primary Region that is well or not, as the client tells the circuit of it. */
function call(target: RegionCircuit, primaryWell: boolean): CircuitDecision {
  const decision = target.decide();
  if (decision !== 'open') {
    if (primaryWell) target.primaryAnswered();
    else target.fellBack('timeout', decision);
  }
  if (decision === 'probe') target.probeEnded();
  return decision;
}

describe('the circuit', () => {
  test('opens after as many fallbacks in a row as the policy says, not earlier', () => {
    const { circuit: target } = circuit();
    const decisions = Array.from({ length: 5 }, () => call(target, false));
    expect(decisions).toEqual(['closed', 'closed', 'closed', 'open', 'open']);
  });

  test('counts anew after the primary has answered', () => {
    const { circuit: target } = circuit();
    const decisions = [false, false, true, false, false, false].map(well => call(target, well));
    expect(decisions).toEqual(Array(6).fill('closed'));
    expect(target.decide()).toBe('open');
  });

  test('lets exactly one call probe when its time is over', () => {
    const { circuit: target, clock } = circuit();
    for (let i = 0; i < 3; i += 1) call(target, false);
    clock.now = SETTINGS.openMs;
    expect([target.decide(), target.decide(), target.decide()]).toEqual(['probe', 'open', 'open']);
  });

  test('closes when the probe is answered', () => {
    const { circuit: target, clock } = circuit();
    for (let i = 0; i < 3; i += 1) call(target, false);
    clock.now = SETTINGS.openMs;
    expect(call(target, true)).toBe('probe');
    expect(target.decide()).toBe('closed');
  });

  test('stays open for another period when the probe fails', () => {
    const { circuit: target, clock } = circuit();
    for (let i = 0; i < 3; i += 1) call(target, false);
    clock.now = SETTINGS.openMs;
    expect(call(target, false)).toBe('probe');
    clock.now += SETTINGS.openMs - 1;
    expect(target.decide()).toBe('open');
    clock.now += 1;
    expect(target.decide()).toBe('probe');
  });

  test('lets the next call probe when a probe ended without an answer', () => {
    const { circuit: target, clock } = circuit();
    for (let i = 0; i < 3; i += 1) call(target, false);
    clock.now = SETTINGS.openMs;
    expect(target.decide()).toBe('probe');
    target.probeEnded();
    expect(target.decide()).toBe('probe');
  });

  test('remembers why calls left the primary', () => {
    const { circuit: target } = circuit();
    target.fellBack('throttle', 'closed');
    expect(target.reason).toBe('throttle');
  });

  const steps = fc.array(fc.record({ well: fc.boolean(), passedMs: fc.integer({ min: 0, max: 1_500 }) }), { maxLength: 60 });

  test('in any history asks an open primary at most once a period', () => {
    fc.assert(fc.property(steps, history => {
      const { circuit: target, clock } = circuit();
      let openedAt: number | undefined;
      for (const { well, passedMs } of history) {
        clock.now += passedMs;
        const decision = call(target, well);
        if (openedAt !== undefined && clock.now - openedAt < SETTINGS.openMs) expect(decision).toBe('open');
        if (decision !== 'open') openedAt = !well && target.decide() === 'open' ? clock.now : undefined;
      }
    }));
  });

  test('in any history finds a primary that is well again', () => {
    fc.assert(fc.property(steps, history => {
      const { circuit: target, clock } = circuit();
      for (const { well, passedMs } of history) {
        clock.now += passedMs;
        call(target, well);
      }
      clock.now += SETTINGS.openMs;
      call(target, true);
      expect(target.decide()).toBe('closed');
    }));
  });
});
