import type { Context } from 'aws-lambda';

/** Lambda's context, as far as the runtime reads it; without a limit of time unless one is given. */
export function lambdaContext(remainingMs?: number): Context {
  const deadline = remainingMs === undefined ? undefined : Date.now() + remainingMs;
  return {
    awsRequestId: 'lambda-1',
    ...(deadline !== undefined && { getRemainingTimeInMillis: () => deadline - Date.now() }),
  } as Context;
}
