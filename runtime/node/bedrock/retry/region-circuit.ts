import type { FailureKind } from './failure-kind';
import type { CLIENT_POLICY } from '../../../../src/contract/data';

export type FallbackReason = typeof CLIENT_POLICY.fallback.reasons[number];

const REASONS: Readonly<Record<FailureKind, FallbackReason>> = {
  timeout: 'timeout', connection: 'error', server: 'error', throttling: 'throttle',
};

export function fallbackReason(kind: FailureKind): FallbackReason {
  return REASONS[kind];
}

/** `closed`: the primary Region first. `open`: the fallback Region first. `probe`: this one call asks whether the primary is back. */
export type CircuitDecision = 'closed' | 'open' | 'probe';

export interface CircuitSettings {
  readonly fallbacksToOpen: number;
  readonly openMs: number;
}

/** Remembers between calls how the primary Region does. */
export class RegionCircuit {
  private fallbacksInARow = 0;
  private openUntil: number | undefined;
  private probing = false;
  private lastReason: FallbackReason = 'error';

  public constructor(private readonly settings: CircuitSettings, private readonly now: () => number) {}

  /** Why the circuit last saw a call leave the primary. */
  public get reason(): FallbackReason {
    return this.lastReason;
  }

  /** A call that is told `probe` must say when it has ended, whatever came of it. */
  public decide(): CircuitDecision {
    if (this.openUntil === undefined) return 'closed';
    if (this.probing || this.now() < this.openUntil) return 'open';
    this.probing = true;
    return 'probe';
  }

  /** The primary answered, be it with an error of the request: it is there. */
  public primaryAnswered(): void {
    this.fallbacksInARow = 0;
    this.openUntil = undefined;
    this.probing = false;
  }

  /** A call left the primary after its failures there. */
  public fellBack(reason: FallbackReason, decision: CircuitDecision): void {
    this.lastReason = reason;
    this.fallbacksInARow += 1;
    if (decision === 'probe' || this.fallbacksInARow >= this.settings.fallbacksToOpen) this.openUntil = this.now() + this.settings.openMs;
  }

  /** However the probe ended: when it brought no answer of the primary, a later call may probe. */
  public probeEnded(): void {
    this.probing = false;
  }
}
