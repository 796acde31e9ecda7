import type { Exchange } from '../faulty-bedrock-server/exchange';

const ACCOUNT = '111122223333';

/** An error as SageMaker sends it: its name in a header, the members in the body. */
export interface ServiceError {
  readonly status: number;
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export function sendError(exchange: Exchange, { status, type, body }: ServiceError): void {
  exchange.head(status, { 'content-type': 'application/json', 'x-amzn-errortype': type, 'x-amzn-requestid': 'fake' });
  exchange.end(Buffer.from(JSON.stringify(body)));
}

/** An error of the service itself. */
export function serviceError(status: number, type: string, message = `${type} by order of the test`): ServiceError {
  return { status, type, body: { Message: message } };
}

export function unknownEndpoint(name: string): ServiceError {
  return serviceError(400, 'ValidationError', `Endpoint ${name} of account ${ACCOUNT} not found.`);
}

/** What the container said, wrapped: the account, the Region and the log of the endpoint are in the message too. */
export function modelError(endpoint: string, originalStatus: number, originalMessage: string): ServiceError {
  const kind = originalStatus >= 400 && originalStatus < 500 ? 'client' : 'server';
  const logStream = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/aws/sagemaker/Endpoints/${endpoint}`;
  return {
    status: 424,
    type: 'ModelError',
    body: {
      Message: `Received ${kind} error (${originalStatus}) from primary with message "${originalMessage}". See `
        + `https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#logEventViewer:group=/aws/sagemaker/Endpoints/${endpoint} `
        + `in account ${ACCOUNT} for more information.`,
      OriginalStatusCode: originalStatus,
      OriginalMessage: originalMessage,
      LogStreamArn: logStream,
    },
  };
}
