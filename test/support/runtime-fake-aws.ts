import { createServer, type IncomingMessage, type Server } from 'http';
import type { AddressInfo } from 'net';

export interface FakeAnswer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Never answers, or answers with half of its body. */
  readonly hang?: 'at once' | 'in the middle';
}

/** What the role may do, by the action that asks. */
export type FakeAnswers = Partial<Record<'GetCallerIdentity' | 'ListFoundationModels' | 'InvokeModel', FakeAnswer>>;

export interface FakeRequest {
  readonly action: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const ROLE_SESSION = 'arn:aws:sts::123456789012:assumed-role/chat-role/chat';

export const IDENTITY: FakeAnswer = {
  status: 200,
  body: `<GetCallerIdentityResponse><Arn>${ROLE_SESSION}</Arn></GetCallerIdentityResponse>`,
};
export const MODELS: FakeAnswer = { status: 200, body: '{"modelSummaries":[]}' };
/** Bedrock's answer to an empty body, once the permission is there. */
export const INVALID_BODY: FakeAnswer = {
  status: 400,
  headers: { 'x-amzn-errortype': 'ValidationException' },
  body: '{"message":"Malformed input request: required key [messages] not found"}',
};
export const DENIED: FakeAnswer = {
  status: 403,
  headers: { 'x-amzn-errortype': 'AccessDeniedException:http://internal.amazon.com/coral/com.amazon.bedrock/' },
  body: `{"message":"User: ${ROLE_SESSION} is not authorized to perform: bedrock:ListFoundationModels"}`,
};
export const DENIED_STS: FakeAnswer = {
  status: 403,
  body: '<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>',
};

/** STS and Bedrock as far as the IAM probe knows them. */
export class FakeAws {
  public static async start(answers: FakeAnswers = {}): Promise<FakeAws> {
    const aws = new FakeAws({ GetCallerIdentity: IDENTITY, ListFoundationModels: MODELS, InvokeModel: INVALID_BODY, ...answers });
    await new Promise<void>(resolve => aws.server.listen(0, '127.0.0.1', resolve));
    return aws;
  }

  public readonly requests: FakeRequest[] = [];
  private readonly server: Server;

  private constructor(answers: FakeAnswers) {
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', chunk => { body += String(chunk); });
      request.on('end', () => {
        const action = actionOf(request);
        this.requests.push({ action, path: request.url ?? '', headers: request.headers, body });
        const answer = answers[action];
        if (!answer || answer.hang === 'at once') return;
        response.writeHead(answer.status, answer.headers);
        if (answer.hang) response.write('{');
        else response.end(answer.body);
      });
    });
  }

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

function actionOf(request: IncomingMessage): keyof FakeAnswers {
  if (request.url?.startsWith('/foundation-models')) return 'ListFoundationModels';
  return request.url?.startsWith('/model/') ? 'InvokeModel' : 'GetCallerIdentity';
}
