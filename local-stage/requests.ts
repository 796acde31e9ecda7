import { DeployedStack } from './deployed';
import { QUESTION, Stage } from './incidents/stage';
import { RequestReport } from './report/demo-report';
import { saidIn } from './system/api-client';

interface PlannedRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  readonly status: number;
  /** The status of the envelope, or the code of its error. */
  readonly says: string;
  readonly because?: string;
}

const REQUESTS: readonly PlannedRequest[] = [
  { method: 'POST', path: 'chat', body: { message: QUESTION }, status: 200, says: 'success' },
  { method: 'POST', path: 'cart', body: { cart_id: 'c1', title_id: 'space-cooks', quantity: 1 }, status: 200, says: 'success' },
  {
    method: 'GET',
    path: 'recommendations?query=cooks',
    status: 200,
    says: 'partial',
    because: 'there is no GPU here: titles without the blurb',
  },
  { method: 'POST', path: 'chat', body: { question: 'not a message' }, status: 400, says: 'INVALID_REQUEST' },
  { method: 'GET', path: 'no-such-path', status: 404, says: 'NOT_FOUND', because: 'answered by API Gateway itself' },
];

/** A chat whose Bedrock takes no more requests. */
const THROTTLED: PlannedRequest = {
  method: 'POST',
  path: 'chat-throttled',
  body: { message: QUESTION },
  status: 429,
  says: 'THROTTLE',
  because: 'Bedrock takes no more; after three attempts',
};

/** Calls the example as a customer's page would. */
export function sendRequests({ product, incidents }: Pick<Stage, 'product' | 'incidents'>): Promise<readonly RequestReport[]> {
  return Promise.all([...REQUESTS.map(request => send(product, request)), send(incidents, THROTTLED)]);
}

async function send({ api }: DeployedStack, { method, path, body, status, says, because }: PlannedRequest): Promise<RequestReport> {
  const answer = await api.send(method, path, body);
  return {
    request: `${method} /${path}`,
    expected: `${status} ${says}${because ? ` (${because})` : ''}`,
    seen: `${answer.status} ${saidIn(answer)}`,
    milliseconds: answer.milliseconds,
    asExpected: `${answer.status} ${saidIn(answer)}` === `${status} ${says}`,
  };
}
