import type { Context } from 'aws-lambda';
import { answerOf, answerOfError, type ApiAnswer } from './api-answer';
import { addAllowOrigin } from './cors';
import { eventHandler } from './event';
import { hasListedHeaders, isHttpEvent } from './http-event';
import { withListedHeaders } from './listed-headers';
import { settings } from '../../telemetry/settings';
import { isUnderStandard } from '../call/own-context';
import { standardCall } from '../call/standard-call';
import { callHandler, type UserHandler } from '../call/user-handler';

/** A function of kind API that was called by a queue, a rule or a state machine: they would take an error's envelope for a success. */
class NotHttpEvent extends Error {
  constructor() {
    super('The function is of kind API and the event is no HTTP request of API Gateway, a function URL or a load balancer. '
      + 'Use HandlerKind.AUTO for both, or HandlerKind.EVENT');
    this.name = 'NotHttpEvent';
  }
}

const refuse = eventHandler(() => { throw new NotHttpEvent(); });

/** Answers HTTP: whatever the handler returns or throws becomes a proxy result with an envelope. Other events fail. */
export function apiHandler(handler: UserHandler): (event: unknown, context: Context) => Promise<unknown> {
  return (event, context) => {
    if (!isHttpEvent(event) && !isUnderStandard(context)) return refuse(event, context);
    const call = () => callHandler(handler, event, context);
    return standardCall<unknown>({ kind: 'API', event, context, bare: call }, async ({ guarded, record }) => {
      const { result, errorCode } = await answerWithin(() => guarded(call));
      addAllowOrigin(result, event, settings().allowedOrigins);
      record(errorCode);
      return hasListedHeaders(event) ? withListedHeaders(result) : result;
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
