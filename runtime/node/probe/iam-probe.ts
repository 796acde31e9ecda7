import { deniedBy, errorCodeOf, roleArn } from './denial';
import { BEDROCK, BEDROCK_RUNTIME, STS } from './endpoint';
import { sendSigned, type ProbeRequest, type ProbeResponse, type RunningRequest } from './signed-request';
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

/**
 * Asks what the role may do, before the first request does. Throws a LambdaInitException when something is denied.
 * Anything else lets the function start with a warning: an outage of a control plane must not stop a service.
 */
export async function probeRole(level: ProbeLevel, models: readonly string[], log: LogEvent): Promise<void> {
  if (level === 'NONE') return;
  const region = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1';
  const running: RunningRequest[] = [];
  const stopTimer = startTimer(() => {
    for (const request of running) request.cancel(new Error(`no answer within ${IAM_PROBE.timeoutMs} ms`));
  });
  try {
    judge(await Promise.all(checksOf(level, models).map(check => perform(check, region, running))), log);
  } finally {
    stopTimer();
  }
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
  const list: Check = { action: 'bedrock:ListFoundationModels', request: { service: BEDROCK, method: 'GET', path: '/foundation-models' } };
  return [identity, list, ...(level === 'DEEP' ? models.map(invokeCheck) : [])];
}

/** Bedrock decides on the permission before it reads the body: an empty one is refused as invalid, at no cost. */
function invokeCheck(modelId: string): Check {
  const path = `/model/${encodeURIComponent(modelId)}/invoke`;
  return {
    action: 'bedrock:InvokeModel',
    modelId,
    request: { service: BEDROCK_RUNTIME, method: 'POST', path, contentType: 'application/json', body: '{}' },
  };
}

async function perform(check: Check, region: string, running: RunningRequest[]): Promise<Finding> {
  try {
    const request = sendSigned(check.request, region);
    running.push(request);
    return { check, response: await request.response };
  } catch (error) {
    return { check, failure: error instanceof Error ? error.message : String(error) };
  }
}

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
