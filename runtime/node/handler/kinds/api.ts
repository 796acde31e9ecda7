import type { Context } from 'aws-lambda';
import { currentInvocation, newInvocation, withInvocation } from '../../telemetry/invocation';
import { settings } from '../../telemetry/settings';
import { guard } from '../guard';
import { callHandler, type UserHandler } from '../user-handler';
import { answerOf, answerOfError, type ApiAnswer } from './api-answer';
import { addAllowOrigin } from './cors';
import { Outcome } from './outcome';

/** Answers HTTP: whatever the handler returns or throws becomes a proxy result with an envelope. */
export function apiHandler(handler: UserHandler): (event: unknown, context: Context) => Promise<unknown> {
  return (event, context) => {
    if (currentInvocation()) return callHandler(handler, event, context);
    const invocation = newInvocation('API', event, context);
    return withInvocation(invocation, async () => {
      const outcome = new Outcome(invocation);
      const { result, errorCode } = await answerWithin(() => guard(invocation, () => callHandler(handler, event, context)));
      addAllowOrigin(result, event, settings().allowedOrigins);
      outcome.record(errorCode);
      return result;
    });
  };
}

async function answerWithin(work: () => Promise<unknown>): Promise<ApiAnswer> {
  try {
    return answerOf(await work());
  } catch (error) {
    return answerOfError(error);
  }
}
