import { IAM_PROBE, RUNTIME_ENVIRONMENT } from '../../../../src/contract/data';
import { newSupportRef } from '../../envelope/support-ref';
import { errorChain } from '../../telemetry/error-chain';
import { LOG_EVENTS, logEvent } from '../../telemetry/log';
import type { HandlerKind } from '../../telemetry/settings';
import { read } from '../../telemetry/thrown';
import { catchStrayErrors, leaveStrayErrors } from '../call/guard';
import { CALLBACK_PARAMETERS, TAKES_CALLBACKS, type UserHandler } from '../call/user-handler';
import { isStreaming } from '../kinds/streaming';
import { wrapHandler } from '../standard-handler';
import { loadUserHandler, UserModuleError } from '../user-module';

export { logEvent };

/** Loads the handler that the environment names. */
export async function loadHandler(kind: HandlerKind): Promise<UserHandler> {
  catchStrayErrors();
  const { name } = RUNTIME_ENVIRONMENT.variables.handler;
  const handlerString = process.env[name];
  if (!handlerString) throw new UserModuleError('Runtime.MalformedHandlerName', `${name} is not set; let StandardLambda set it`);
  const handler = await loadUserHandler(handlerString, process.env.LAMBDA_TASK_ROOT ?? process.cwd());
  if (isStreaming(handler) && kind !== 'STREAM') {
    throw new UserModuleError('Runtime.MalformedStreamingHandler', `${handlerString} streams its answer; set kind: HandlerKind.STREAM`);
  }
  if (kind !== 'STREAM' && !TAKES_CALLBACKS && handler.length >= CALLBACK_PARAMETERS) {
    throw new UserModuleError('Runtime.CallbackHandlerDeprecated', `${handlerString} has a callback parameter, `
      + 'and Lambda takes no callback handlers from Node.js 24 on; make it an async function of event and context, or use Node.js 22');
  }
  return handler;
}

/** Puts the standard around a handler. */
export const underStandard = (handler: UserHandler, kind: HandlerKind): unknown => wrapHandler(handler, kind);

/** The log has all of it. What Lambda tells the caller has a name and a reference: the rest may hold anything. */
export function initError(error: unknown): Error {
  leaveStrayErrors();
  if (error instanceof Error && read(error, 'name') === IAM_PROBE.failureError) return error;
  const support_ref = newSupportRef();
  logEvent('error', LOG_EVENTS.initFailed, { support_ref, errors: errorChain(error) });
  const name = error instanceof UserModuleError ? error.name : 'LambdaInitError';
  const failure = new Error(`The function could not start; the log line ${LOG_EVENTS.initFailed} with support_ref ${support_ref} says why`);
  failure.name = name;
  failure.stack = `${name}: ${failure.message}`;
  return failure;
}
