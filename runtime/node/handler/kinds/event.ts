import type { Context } from 'aws-lambda';
import { errorBody } from '../../envelope/envelope';
import { currentInvocation, newInvocation, withInvocation } from '../../telemetry/invocation';
import { guard } from '../guard';
import { callHandler, type UserHandler } from '../user-handler';
import { Outcome } from './outcome';

/** Results leave as they are, batch-item failures too. Errors are logged and thrown again: retries and dead-letter queues live on them. */
export function eventHandler(handler: UserHandler): (event: unknown, context: Context) => Promise<unknown> {
  return (event, context) => {
    if (currentInvocation()) return callHandler(handler, event, context);
    const invocation = newInvocation('EVENT', event, context);
    return withInvocation(invocation, async () => {
      const outcome = new Outcome(invocation);
      try {
        const result = await guard(invocation, () => callHandler(handler, event, context));
        outcome.record();
        return result;
      } catch (error) {
        outcome.record(errorBody(error).code);
        throw error;
      }
    });
  };
}
