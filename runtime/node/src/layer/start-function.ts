import { IAM_PROBE, RUNTIME_ENVIRONMENT } from '../contract';
import { errorChain, read } from '../error-chain';
import { catchStrayErrors } from '../guard';
import { isStreaming } from '../kinds/stream';
import { LOG_EVENTS, logEvent } from '../log';
import type * as iamProbe from '../probe/iam-probe';
import { settings, type ProbeLevel } from '../settings';
import { wrapHandler } from '../standard-handler';
import { newSupportRef } from '../support-ref';
import type { UserHandler } from '../user-handler';
import { loadUserHandler, UserModuleError } from '../user-module';
import { resolveRuntimeFromLayer } from './runtime-resolution';

/** The start of a function: its own handler is loaded and its role probed side by side, then the handler is wrapped. */
export async function startFunction(runtimeFolder: string): Promise<unknown> {
  try {
    resolveRuntimeFromLayer(runtimeFolder);
    const { kind, probe, probeModels } = settings();
    const [, handler] = await Promise.all([probeRole(probe, probeModels), loadHandler(kind)]);
    catchStrayErrors();
    return wrapHandler(handler, kind);
  } catch (error) {
    throw initError(error);
  }
}

async function probeRole(level: ProbeLevel, models: readonly string[]): Promise<void> {
  if (level === 'NONE') return;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a function without a probe must not load what signs its requests
  const probe = require('../probe/iam-probe') as typeof iamProbe;
  await probe.probeRole(level, models, logEvent);
}

async function loadHandler(kind: string): Promise<UserHandler> {
  const { name } = RUNTIME_ENVIRONMENT.variables.handler;
  const handlerString = process.env[name];
  if (!handlerString) throw new UserModuleError('Runtime.MalformedHandlerName', `${name} is not set; let StandardLambda set it`);
  const handler = await loadUserHandler(handlerString, process.env.LAMBDA_TASK_ROOT ?? process.cwd());
  if (isStreaming(handler) && kind !== 'STREAM') {
    throw new UserModuleError('Runtime.MalformedStreamingHandler', `${handlerString} streams its answer; set kind: HandlerKind.STREAM`);
  }
  return handler;
}

/** The log has all of it. What Lambda tells the caller has a name and a reference: the rest may hold anything. */
function initError(error: unknown): Error {
  if (error instanceof Error && read(error, 'name') === IAM_PROBE.failureError) return error;
  const support_ref = newSupportRef();
  logEvent('error', LOG_EVENTS.initFailed, { support_ref, errors: errorChain(error) });
  const name = error instanceof UserModuleError ? error.name : 'LambdaInitError';
  const failure = new Error(`The function could not start; the log line ${LOG_EVENTS.initFailed} with support_ref ${support_ref} says why`);
  failure.name = name;
  failure.stack = `${name}: ${failure.message}`;
  return failure;
}
