import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { type Outcome, type ResourceData, sendAnswer } from './answer';
import { logger } from '../../node';

/**
 * What becomes of the resource that an event is about, and what the template can read of it: texts, and objects as a whole. Throws what
 * CloudFormation shall show.
 */
export type ResourceWork = (event: CloudFormationCustomResourceEvent, context: Context) => Promise<ResourceData | void>;

/**
 * A handler that CloudFormation calls itself, so that nothing runs in between that is not under the standard.
 *
 * The work may run again for the same event: Lambda repeats a call that ended before the answer was sent. Work that failed is no failed
 * call, for it would be repeated after CloudFormation has gone on.
 */
export function customResource(work: ResourceWork): (event: CloudFormationCustomResourceEvent, context: Context) => Promise<void> {
  return async (event, context) => sendAnswer(event, await outcomeOf(work, event, context));
}

async function outcomeOf(work: ResourceWork, event: CloudFormationCustomResourceEvent, context: Context): Promise<Outcome> {
  const { RequestType: request, LogicalResourceId: resource } = event;
  try {
    const data = await work(event, context);
    logger.info('custom_resource_done', { request, resource });
    return data ? { data } : {};
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    logger.error('custom_resource_failed', failure);
    const { name, message } = failure;
    return { failure: `${name}: ${message} (request id ${context.awsRequestId}, log stream ${context.logStreamName})` };
  }
}
