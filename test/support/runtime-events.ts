/** Events as AWS sends them, cut to what tells them apart. */
export const HTTP_EVENTS: Readonly<Record<string, object>> = {
  'REST API': {
    resource: '/x',
    path: '/x',
    httpMethod: 'POST',
    headers: {},
    requestContext: {
      requestId: 'gateway-1', httpMethod: 'POST', stage: 'prod',
    },
    body: '{}',
  },
  'HTTP API 1.0': {
    version: '1.0', httpMethod: 'POST', headers: {}, requestContext: { requestId: 'gateway-1', httpMethod: 'POST', apiId: 'a' }, body: '{}',
  },
  'HTTP API 2.0': {
    version: '2.0',
    routeKey: 'POST /x',
    headers: {},
    requestContext: {
      requestId: 'gateway-1', http: { method: 'POST', path: '/x' },
    },
    body: '{}',
  },
  'function URL': {
    version: '2.0',
    routeKey: '$default',
    headers: {},
    requestContext: {
      requestId: 'gateway-1', http: { method: 'POST', path: '/' }, domainName: 'x.lambda-url',
    },
  },
  'load balancer': {
    httpMethod: 'POST', path: '/x', headers: {}, requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:…' } }, body: '{}',
  },
  'load balancer with lists of header values': {
    httpMethod: 'POST',
    path: '/x',
    multiValueHeaders: {},
    requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:…' } },
    body: '{}',
  },
  'WebSocket API': { requestContext: { requestId: 'gateway-1', routeKey: 'ask', eventType: 'MESSAGE', connectionId: 'c=' }, body: '{}' },
};

export const OTHER_EVENTS: Readonly<Record<string, unknown>> = {
  'SQS': { Records: [{ eventSource: 'aws:sqs', messageId: 'm1', body: '{}' }] },
  'SNS': { Records: [{ EventSource: 'aws:sns', Sns: { Message: '{}' } }] },
  'S3': { Records: [{ eventSource: 'aws:s3', s3: { object: { key: 'k' } } }] },
  'Kinesis': { Records: [{ eventSource: 'aws:kinesis', kinesis: { data: '' } }] },
  'DynamoDB': { Records: [{ eventSource: 'aws:dynamodb', dynamodb: {} }] },
  'EventBridge': { 'version': '0', 'detail-type': 'Order', 'source': 'shop', 'detail': {} },
  'a scheduled rule': { 'detail-type': 'Scheduled Event', 'source': 'aws.events', 'detail': {} },
  'Step Functions': { orderId: 7, statusCode: 200, headers: {} },
  'an AppSync resolver': { arguments: { id: 7 }, info: { fieldName: 'order', parentTypeName: 'Query' }, request: { headers: {} } },
  'an AppSync batch': [{ arguments: { id: 7 } }],
  'Cognito': { triggerSource: 'PreSignUp_SignUp', request: {}, response: {} },
  'a custom resource': { RequestType: 'Create', ResponseURL: 'https://example.com' },
  'an authorizer of a REST API': {
    type: 'REQUEST', methodArn: 'arn:aws:execute-api:…', httpMethod: 'GET', requestContext: { httpMethod: 'GET' },
  },
  'an authorizer of an HTTP API': {
    version: '2.0', type: 'REQUEST', routeArn: 'arn:aws:execute-api:…', requestContext: { http: { method: 'GET' } },
  },
  'an authorizer of a WebSocket API': { type: 'REQUEST', methodArn: 'arn:aws:execute-api:…', requestContext: { connectionId: 'c=' } },
  'a text': 'run',
  'nothing': null,
  'no request context': { requestContext: null },
};

/** An event of an HTTP API, with more fields where a test wants them. */
export function httpEvent(fields: object | null = {}): object {
  const { requestContext } = (fields ?? {}) as { requestContext?: object };
  return { ...HTTP_EVENTS['HTTP API 2.0'], ...fields, requestContext: { http: { method: 'POST' }, ...requestContext } };
}
