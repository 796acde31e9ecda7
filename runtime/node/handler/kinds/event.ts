import type { Context } from 'aws-lambda';
import { errorBody } from '../../envelope/envelope';
import { standardCall } from '../call/standard-call';
import { callHandler, type UserHandler } from '../call/user-handler';

/** Results leave as they are, batch-item failures too. Errors are logged and thrown again: retries and dead-letter queues live on them. */
export function eventHandler(handler: UserHandler): (event: unknown, context: Context) => Promise<unknown> {
  return (event, context) => {
    const call = () => callHandler(handler, event, context);
    return standardCall({ kind: 'EVENT', event, context, bare: call }, async ({ guarded, record }) => {
      try {
        const result = await guarded(call);
        record();
        return result;
      } catch (error) {
        record(errorBody(error).code);
        throw error;
      }
    });
  };
}
