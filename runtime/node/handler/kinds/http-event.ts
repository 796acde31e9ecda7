interface HttpContext {
  /** HTTP API 2.0 and function URLs. */
  readonly http?: unknown;
  /** REST API and HTTP API 1.0. */
  readonly httpMethod?: unknown;
  /** Application Load Balancer. */
  readonly elb?: unknown;
  /** WebSocket API. */
  readonly connectionId?: unknown;
}

interface MaybeHttpEvent {
  readonly requestContext?: HttpContext | null;
  readonly multiValueHeaders?: unknown;
  readonly methodArn?: unknown;
  readonly routeArn?: unknown;
}

/** Whether the caller waits for an HTTP answer: REST API, HTTP API 1.0 and 2.0, function URL, load balancer, WebSocket. */
export function isHttpEvent(event: unknown): boolean {
  const { requestContext, methodArn, routeArn } = fieldsOf(event);
  // An authorizer is given the same request, and answers with a policy.
  if (methodArn !== undefined || routeArn !== undefined) return false;
  const { http, httpMethod, elb, connectionId } = requestContext ?? {};
  return [http, httpMethod, elb, connectionId].some(field => field !== undefined && field !== null);
}

/** Whether the caller makes an answer of 200 from whatever is no proxy result: HTTP API 2.0 and function URLs do. */
export function isPlainAnswerTaken(event: unknown): boolean {
  return fieldsOf(event).requestContext?.http !== undefined;
}

/** Whether a load balancer gives, and so expects, a list of values for each header; it takes no other headers then. */
export function hasListedHeaders(event: unknown): boolean {
  const { requestContext, multiValueHeaders } = fieldsOf(event);
  return requestContext?.elb !== undefined && typeof multiValueHeaders === 'object' && multiValueHeaders !== null;
}

function fieldsOf(event: unknown): MaybeHttpEvent {
  return typeof event === 'object' && event !== null ? event as MaybeHttpEvent : {};
}
