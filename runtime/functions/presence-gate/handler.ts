import { setTimeout as pause } from 'timers/promises';
import type { Context } from 'aws-lambda';
import { answerHook, type DeploymentHook, tryDeploymentHook } from './deployment-hook';
import { type GateOverride, gateSettings, watchedMetrics } from './gate-settings';
import { checkPresence, type PresenceResult } from './presence-check';
import { seenSince } from './seen-metrics';
import { syntheticRequests } from './synthetic-requests';
import { METRIC_CATALOG, OPERATIONS } from '../../../src/contract/data';
import { emitMetric, logger } from '../../node';

const { syntheticRequests: REQUESTS } = METRIC_CATALOG.presenceGate;
const { inParallel, toleratedFailures, logEvents: LOG_EVENTS } = OPERATIONS.presenceGate;

type Outcome = keyof typeof LOG_EVENTS;

const settings = gateSettings();
const { withinSeconds, pollSeconds, periodSeconds } = settings.timing;
const metrics = watchedMetrics(settings);

/**
 * The presence gate of one service. CodeDeploy, which calls it as a hook, is told whether to go on; to anybody else a gate that stays
 * shut is a failed invocation.
 */
export const handler = async (event: unknown, context: Context): Promise<PresenceResult & { outcome: Outcome }> => {
  const hook = tryDeploymentHook(event);
  const run = hook?.DeploymentId ?? context.awsRequestId;
  const result = await runGate(run, hook);
  const outcome = outcomeOf(result);
  tell(outcome, result, run);
  if (hook) await answerHook(hook, outcome !== 'failed');
  else if (outcome === 'failed') throw new Error(whyShut(result));
  return { ...result, outcome };
};

async function runGate(run: string, hook: DeploymentHook | undefined): Promise<PresenceResult> {
  try {
    return await tryGate(run);
  } catch (error) {
    // A hook that never answers keeps the deployment waiting for an hour.
    if (hook) await answerHook(hook, false);
    throw error;
  }
}

async function tryGate(run: string): Promise<PresenceResult> {
  return checkPresence(
    {
      now: Date.now,
      pause: ms => pause(ms),
      send: syntheticRequests(settings, run),
      seenSince: start => seenSince(start, metrics, periodSeconds),
    },
    {
      metrics: settings.metrics,
      needed: settings.needed,
      requests: REQUESTS,
      inParallel,
      toleratedFailures,
      withinMs: withinSeconds * 1_000,
      pollMs: pollSeconds * 1_000,
      periodMs: periodSeconds * 1_000,
    },
  );
}

function outcomeOf({ passed }: PresenceResult): Outcome {
  if (passed) return 'passed';
  return isInForce(settings.override) ? 'overridden' : 'failed';
}

/** To the end of its last day, in UTC. */
function isInForce(override: GateOverride | undefined): override is GateOverride {
  return override !== undefined && new Date().toISOString().slice(0, 10) <= override.until;
}

function tell(outcome: Outcome, result: PresenceResult, run: string): void {
  const { serviceName, override } = settings;
  const told = { gated_service: serviceName, run, ...result, ...override && { override: { ...override, counts: isInForce(override) } } };
  logger[outcome === 'passed' ? 'info' : 'error'](LOG_EVENTS[outcome], told);
  emitMetric('PresenceGateCount', 1, { service_name: serviceName, outcome });
}

function whyShut({ seen, missing, needed, failed, problems, readProblem }: PresenceResult): string {
  return `The presence gate of ${settings.serviceName} stays shut: ${seen.length} of ${needed} metrics seen within ${withinSeconds} s, `
    + `missing ${missing.join(', ') || 'none'}; ${failed} of ${REQUESTS} requests failed ${JSON.stringify(problems)}`
    + `${readProblem === undefined ? '' : `; CloudWatch could not be read: ${readProblem}`}.`;
}
