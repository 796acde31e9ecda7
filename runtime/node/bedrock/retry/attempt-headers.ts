import type { AbsoluteLocation, FinalizeHandler, FinalizeRequestHandlerOptions, HttpRequest } from '@smithy/types';
import { currentAttempt } from './attempt';

/** Takes the place of the SDK's retry middleware, which would retry below the budget. Its two headers stay: the service reads them. */
export const attemptHeaders = <I extends object, O extends object>(next: FinalizeHandler<I, O>): FinalizeHandler<I, O> => async args => {
  const attempt = currentAttempt();
  if (attempt) {
    const { headers } = args.request as HttpRequest;
    headers['amz-sdk-invocation-id'] = attempt.invocationId;
    headers['amz-sdk-request'] = `attempt=${attempt.number}; max=${attempt.maxAttempts}`;
  }
  return next(args);
};

export const ATTEMPT_HEADERS_OPTIONS: FinalizeRequestHandlerOptions & AbsoluteLocation = {
  name: 'retryMiddleware', step: 'finalizeRequest', priority: 'high', tags: ['RETRY'], override: true,
};
