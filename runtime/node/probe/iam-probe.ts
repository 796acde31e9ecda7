import { deniedBy, errorCodeOf, roleArn } from './denial';
import { BEDROCK, BEDROCK_RUNTIME, STS } from './endpoint';
import type { Exchange, ProbeResponse } from './exchange';
import { sendSigned, type ProbeRequest } from './signed-request';
import { IAM_PROBE, RUNTIME_ENVIRONMENT } from '../../../src/contract/data';
import type { logEvent } from '../telemetry/log';
import type { ProbeLevel } from '../telemetry/settings';

interface Check {
  readonly action: string;
  readonly request: ProbeRequest;
  readonly modelId?: string;
}

/** The runtime's own, handed in: this module is a file of its own in the layer, which shares no state with the rest. */
export type LogEvent = typeof logEvent;

interface Attempt {
  readonly check: Check;
  readonly exchange?: Exchange;
  readonly failure?: string;
}

interface Finding {
  readonly check: Check;
  readonly response?: ProbeResponse;
  readonly failure?: string;
}

/** Fails the start of a function whose role is not what the function needs. Its message reaches callers: it names no role. */
export class LambdaInitException extends Error {
  constructor(public readonly actions: readonly string[]) {
    super(`The function's role is denied ${actions.join(', ')}; the log line ${IAM_PROBE.failureEvent} names the role`);
    this.name = IAM_PROBE.failureError;
    this.stack = `${this.name}: ${this.message}`;
  }
}

const { iamProbeSkipped, iamValidationFailed } = RUNTIME_ENVIRONMENT.logEvents;

/** How long after a blocked event loop an answer may still be under way. */
const GRACE_MS = 500;
const LATE_MS = 100;

/** A probe that is under way. */
export interface RunningProbe {
  /** Settles when every request is on its way, or after a moment: what blocks the process then does not hold the network up. */
  readonly sent: Promise<void>;
  /** Rejects with a LambdaInitException when something is denied. */
  readonly verdict: Promise<void>;
}

const NO_PROBE: RunningProbe = { sent: Promise.resolve(), verdict: Promise.resolve() };

/**
 * Asks what the role may do, before the first request does. Anything but a denial lets the function start with a warning: an outage
 * of a control plane must not stop a service.
 */
export function startProbe(level: ProbeLevel, models: readonly string[], log: LogEvent): RunningProbe {
  if (level === 'NONE') return NO_PROBE;
  const region = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1';
  const attempts = checksOf(level, models).map(check => attempt(check, region));
  const verdict = verdictOn(attempts, log);
  // Whoever waits for `sent` first hears of a denial afterwards.
  verdict.catch(() => {});
  return { sent: sentWithin(IAM_PROBE.headStartMs, attempts), verdict };
}

async function verdictOn(attempts: readonly Attempt[], log: LogEvent): Promise<void> {
  const stopTimer = startTimer(() => {
    for (const { exchange } of attempts) exchange?.cancel(new Error(`no answer within ${IAM_PROBE.timeoutMs} ms`));
  });
  try {
    judge(await Promise.all(attempts.map(findingOf)), log);
  } finally {
    stopTimer();
  }
}

async function sentWithin(limitMs: number, attempts: readonly Attempt[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>(resolve => { timer = setTimeout(resolve, limitMs); });
  await Promise.race([limit, Promise.all(attempts.map(async ({ exchange }) => exchange?.sent))]);
  clearTimeout(timer);
}

function checksOf(level: ProbeLevel, models: readonly string[]): Check[] {
  const identity: Check = {
    action: 'sts:GetCallerIdentity',
    request: {
      service: STS,
      method: 'POST',
      path: '/',
      contentType: 'application/x-www-form-urlencoded',
      body: 'Action=GetCallerIdentity&Version=2011-06-15',
    },
  };
  const list: Check = {
    action: 'bedrock:ListFoundationModels',
    request: { service: BEDROCK, method: 'GET', path: '/foundation-models', statusSuffices: true },
  };
  return [identity, list, ...(level === 'DEEP' ? models.map(invokeCheck) : [])];
}

/** Bedrock decides on the permission before it reads the body: an empty one is refused as invalid, at no cost. */
function invokeCheck(modelId: string): Check {
  const path = `/model/${encodeURIComponent(modelId)}/invoke`;
  return {
    action: 'bedrock:InvokeModel',
    modelId,
    request: { service: BEDROCK_RUNTIME, method: 'POST', path, contentType: 'application/json', body: '{}', statusSuffices: true },
  };
}

function attempt(check: Check, region: string): Attempt {
  try {
    return { check, exchange: sendSigned(check.request, region) };
  } catch (error) {
    return { check, failure: messageOf(error) };
  }
}

async function findingOf({ check, exchange, failure }: Attempt): Promise<Finding> {
  try {
    return { check, response: await exchange?.response, failure };
  } catch (error) {
    return { check, failure: messageOf(error) };
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function judge(findings: readonly Finding[], log: LogEvent): void {
  const denied: Finding[] = [];
  for (const finding of findings) {
    if (finding.response && deniedBy(finding.response)) denied.push(finding);
    else warnUnlessAnswered(finding, log);
  }
  if (denied.length === 0) return;
  const role = roleArn(findings.map(finding => finding.response?.body ?? ''));
  for (const { check } of denied) {
    log('error', iamValidationFailed, { action: check.action, role_arn: role, ...(check.modelId && { model_id: check.modelId }) });
  }
  throw new LambdaInitException([...new Set(denied.map(({ check }) => check.action))]);
}

function warnUnlessAnswered({ check, response, failure }: Finding, log: LogEvent): void {
  const error = response && errorCodeOf(response);
  const refusedAsInvalid = check.modelId !== undefined && error === 'ValidationException';
  if (response && (response.status < 300 || refusedAsInvalid)) return;
  const reason = failure ?? `HTTP ${response?.status} ${error ?? ''}`.trim();
  log('warn', iamProbeSkipped, { action: check.action, reason, ...(check.modelId && { model_id: check.modelId }) });
}

/** While the user's module loads nothing else runs: a timer that fires late gives the answers that came meanwhile their turn. */
function startTimer(giveUp: () => void): () => void {
  const due = Date.now() + IAM_PROBE.timeoutMs;
  let timer = setTimeout(() => {
    if (Date.now() - due < LATE_MS) return giveUp();
    timer = setTimeout(() => setImmediate(giveUp), GRACE_MS);
  }, IAM_PROBE.timeoutMs);
  return () => clearTimeout(timer);
}
