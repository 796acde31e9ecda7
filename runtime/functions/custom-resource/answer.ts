import { createHash } from 'crypto';
import { setTimeout as pause } from 'timers/promises';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';

/** Of the whole answer, which CloudFormation limits to 4,096 bytes. */
const MAX_REASON_BYTES = 2_048;
const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 200;
const ATTEMPT_MS = 10_000;

/** What a template can read of a resource. */
export type ResourceData = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

export interface Outcome {
  readonly failure?: string;
  readonly data?: ResourceData;
}

/** Tells CloudFormation how it went. Throws when it could not be told: Lambda then calls the function again. */
export async function sendAnswer(event: CloudFormationCustomResourceEvent, { failure, data }: Outcome): Promise<void> {
  const body = Buffer.from(JSON.stringify({
    Status: failure === undefined ? 'SUCCESS' : 'FAILED',
    ...(failure !== undefined && { Reason: shortened(failure) }),
    ...(data !== undefined && { Data: data }),
    PhysicalResourceId: physicalId(event),
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
  }));
  for (let attempt = 1; ; attempt += 1) {
    const problem = await problemOfPut(event.ResponseURL, body);
    if (problem === undefined) return;
    if (attempt === ATTEMPTS) throw new Error(`CloudFormation could not be told how it went: ${problem}`);
    await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1));
  }
}

/**
 * The id that CloudFormation knows the resource by: the same for its whole life, so that no update replaces it. An event that ended without
 * an answer has left it an id of CloudFormation's own.
 */
function physicalId(event: CloudFormationCustomResourceEvent): string {
  if (event.RequestType !== 'Create') return event.PhysicalResourceId;
  const stack = createHash('sha256').update(event.StackId).digest('hex').slice(0, 16);
  return `${event.LogicalResourceId}-${stack}`;
}

/** The address holds a signature: no part of it may be in a text. Bytes have no content type, which the signature would have to know. */
async function problemOfPut(url: string, body: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  try {
    const { status } = await fetch(url, { method: 'PUT', body, signal: AbortSignal.timeout(ATTEMPT_MS) });
    return status < 300 ? undefined : `HTTP status ${status}`;
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } };
    return cause?.code ?? name;
  }
}

function shortened(reason: string): string {
  const bytes = Buffer.from(reason);
  if (bytes.length <= MAX_REASON_BYTES) return reason;
  return `${bytes.subarray(0, MAX_REASON_BYTES).toString().replace(/\uFFFD$/, '')}…`;
}
