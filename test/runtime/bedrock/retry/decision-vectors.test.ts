import circuitDecisions from '../../../../contract/vectors/circuit-decisions.json';
import failureKinds from '../../../../contract/vectors/failure-kinds.json';
import retryDecisions from '../../../../contract/vectors/retry-decisions.json';
import retryDelays from '../../../../contract/vectors/retry-delays.json';
import { CallReport } from '../../../../runtime/node/bedrock/client/call-report';
import { ClientPolicy, STANDARD_POLICY } from '../../../../runtime/node/bedrock/client/client-policy';
import { BedrockCall } from '../../../../runtime/node/bedrock/retry/bedrock-call';
import { FailureKind, failureKind } from '../../../../runtime/node/bedrock/retry/failure-kind';
import { CircuitDecision, FallbackReason, RegionCircuit } from '../../../../runtime/node/bedrock/retry/region-circuit';
import { RegionPacing } from '../../../../runtime/node/bedrock/retry/region-pacing';
import { retryDelayMs } from '../../../../runtime/node/bedrock/retry/retry-delay';
import { TimeLimitError, TimeLimitPhase } from '../../../../runtime/node/bedrock/retry/time-limit-errors';
import { FALLBACK, PRIMARY, RecordingPorts } from '../support/test-client';

interface Failure {
  readonly timeLimit?: string;
  readonly answer?: {
    readonly error: string;
    readonly status?: number;
    readonly originalStatus?: number;
    readonly clockCorrected?: boolean;
  };
  readonly system?: string;
  readonly broken?: string;
  readonly program?: string;
}

interface Planned {
  readonly outcomes: readonly string[];
  readonly attempts: readonly string[];
  readonly end: string;
  readonly fellBack?: string;
  readonly times?: number;
  readonly afterMs?: number;
  readonly mayReroute?: boolean;
}

interface Delay {
  readonly kind: FailureKind;
  readonly retry: number;
  readonly hintMs?: number;
  readonly random: number;
  readonly waitMs: number;
}

interface Step {
  readonly atMs: number;
  readonly decision?: CircuitDecision;
  readonly primary?: 'well' | 'under way' | FallbackReason;
}

/** What Node has a code for. */
const BROKEN: Readonly<Record<string, string>> = {
  'not HTTP': 'HPE_INVALID_CONSTANT', 'cut off': 'ERR_STREAM_PREMATURE_CLOSE', 'TLS': 'EPROTO', 'certificate': 'CERT_HAS_EXPIRED',
};

function errorOf({ timeLimit, answer, system, broken, program }: Failure): Error {
  if (timeLimit !== undefined) return new TimeLimitError(timeLimit as TimeLimitPhase, 2_000);
  if (answer) {
    const { error: name, status, originalStatus, clockCorrected } = answer;
    const metadata = { httpStatusCode: status, clockSkewCorrected: clockCorrected };
    return Object.assign(new Error('x'), { name, OriginalStatusCode: originalStatus, $metadata: metadata });
  }
  const code = system ?? BROKEN[broken ?? ''];
  return code === undefined ? new TypeError(program) : Object.assign(new Error('x'), { code });
}

describe('a failure is of the kind that the contract says', () => {
  test.each(failureKinds.cases)('$name', ({ failure, kind }) => {
    expect(failureKind(errorOf(failure as Failure))).toBe(kind === 'none' ? undefined : kind);
  });
});

describe('a retry waits as long as the contract says', () => {
  test.each(retryDelays.cases as readonly Delay[])('$name', ({ waitMs, hintMs, ...options }) => {
    expect(retryDelayMs({ ...options, hintMs }, STANDARD_POLICY.backoff)).toBe(waitMs);
  });
});

describe('the circuit', () => {
  test.each(circuitDecisions.cases)('$name', ({ steps }) => {
    let now = 0;
    const circuit = new RegionCircuit(STANDARD_POLICY.circuit, () => now);
    for (const { atMs, decision: expected, primary } of steps as readonly Step[]) {
      now = atMs;
      const decision = expected ? circuit.decide() : 'closed';
      if (expected) expect(decision).toBe(expected);
      if (primary === 'well') circuit.primaryAnswered();
      else if (primary && primary !== 'under way') circuit.fellBack(primary, decision);
      if (decision === 'probe' && primary !== 'under way') circuit.probeEnded();
    }
  });
});

const FAILURES: Readonly<Record<string, Failure>> = {
  timeout: { timeLimit: 'read' },
  deadline: { timeLimit: 'deadline' },
  connection: { system: 'ECONNRESET' },
  server: { answer: { error: 'InternalServerException', status: 500 } },
  throttling: { answer: { error: 'ThrottlingException', status: 429 } },
  refused: { answer: { error: 'ValidationException', status: 400 } },
};

const POLICY: ClientPolicy = { ...STANDARD_POLICY, maxRetryWaitMs: 0 };
const LIMITS = { connectMs: 1_000, readMs: 1_000, deadline: Infinity };

/** Regions that answer as a case says, and no waits. */
class World {
  public nowMs = 0;
  public readonly ports = new RecordingPorts();
  private readonly circuit = new RegionCircuit(POLICY.circuit, () => this.nowMs);
  private readonly pacings = new Map([PRIMARY, FALLBACK].map(region => [region, new RegionPacing(POLICY)]));

  public async call(outcomes: readonly string[], mayReroute: boolean): Promise<{ attempts: string[]; end: string }> {
    const attempts: string[] = [];
    const send = async (region: string) => {
      const outcome = outcomes[attempts.length];
      attempts.push(region === PRIMARY ? 'primary' : 'fallback');
      if (outcome !== 'answer') throw errorOf(FAILURES[outcome]);
      return outcome;
    };
    const request = {
      limits: LIMITS, primary: PRIMARY, fallback: mayReroute ? FALLBACK : undefined, repeatable: true, signal: undefined, send,
    };
    const observer = new CallReport(this.ports, { operation: 'Converse', modelId: 'm', taskType: 'default', limits: LIMITS });
    const around = { policy: POLICY, circuit: this.circuit, observer, pacing: (region: string) => this.pacings.get(region)! };
    const end = await new BedrockCall(request, around).run().then(({ result }) => result, error => failureKind(error) ?? 'refused');
    return { attempts, end };
  }
}

describe('attempts go where the contract says', () => {
  test.each(retryDecisions.cases)('$name', async ({ calls }) => {
    const world = new World();
    for (const { outcomes, attempts, end, fellBack, times = 1, afterMs = 0, mayReroute = true } of calls as Planned[]) {
      for (let time = 0; time < times; time += 1) {
        world.nowMs += afterMs;
        const told = world.ports.fallbackCounts.length;
        expect(await world.call(outcomes, mayReroute)).toEqual({ attempts, end });
        expect(world.ports.fallbackCounts.slice(told).map(({ reason }) => reason)).toEqual(fellBack ? [fellBack] : []);
        expect(world.ports.calls[world.ports.calls.length - 1].attempts).toBe(attempts.length);
      }
    }
  });
});
