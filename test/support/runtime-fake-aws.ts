import { createServer, type IncomingMessage, type Server } from 'http';
import type { AddressInfo } from 'net';

export interface FakeAnswer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Never answers, or answers with half of its body. */
  readonly hang?: 'at once' | 'in the middle';
}

/** By the beginning of the path that asks for them; what is none of these is asked of STS. */
const ACTION_OF_PATH = {
  '/foundation-models': 'ListFoundationModels',
  '/model/': 'InvokeModel',
  '/configurationsessions': 'StartConfigurationSession',
  '/configuration?': 'GetLatestConfiguration',
  '/credentials': 'GetCredentials',
} as const;

type FakeAction = typeof ACTION_OF_PATH[keyof typeof ACTION_OF_PATH] | 'GetCallerIdentity';

/** What the role may do, by the action that asks. */
export type FakeAnswers = Partial<Record<FakeAction, FakeAnswer>>;

export interface FakeRequest {
  readonly action: FakeAction;
  /** The port that it came from, which tells connections apart. */
  readonly port: number;
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

/** What Lambda gives a function with SnapStart in the place of variables, whose keys would outlive the snapshot. */
export const CREDENTIALS: FakeAnswer = {
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: '{"AccessKeyId":"AKIAOFTHECONTAINER","SecretAccessKey":"secret","Token":"token","Expiration":"2099-01-01T00:00:00Z"}',
};
const SESSION: FakeAnswer = { status: 201, headers: { 'content-type': 'application/json' }, body: '{"InitialConfigurationToken":"first"}' };
const CONFIGURATION: FakeAnswer = {
  status: 200,
  headers: { 'next-poll-configuration-token': 'next', 'content-type': 'application/json' },
  body: '{"readTimeoutMs":{}}',
};

/** STS and Bedrock as far as the IAM probe knows them, AppConfig, and the credentials of a function with SnapStart. */
export class FakeAws {
  public static async start(answers: FakeAnswers = {}): Promise<FakeAws> {
    const aws = new FakeAws({
      GetCallerIdentity: IDENTITY,
      ListFoundationModels: MODELS,
      InvokeModel: INVALID_BODY,
      StartConfigurationSession: SESSION,
      GetLatestConfiguration: CONFIGURATION,
      GetCredentials: CREDENTIALS,
      ...answers,
    });
    await new Promise<void>(resolve => aws.server.listen(0, '127.0.0.1', resolve));
    return aws;
  }

  public readonly requests: FakeRequest[] = [];
  private readonly server: Server;

  private constructor(private readonly answers: FakeAnswers) {
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', chunk => { body += String(chunk); });
      request.on('end', () => {
        const action = actionOf(request);
        this.requests.push({ action, port: request.socket.remotePort!, path: request.url ?? '', headers: request.headers, body });
        const answer = this.answers[action];
        if (!answer || answer.hang === 'at once') return;
        response.writeHead(answer.status, answer.headers);
        if (answer.hang) response.write('{');
        else response.end(answer.body);
      });
    });
  }

  /** From now on. */
  public answer(answers: FakeAnswers): void {
    Object.assign(this.answers, answers);
  }

  public requestsOf(action: FakeAction): FakeRequest[] {
    return this.requests.filter(request => request.action === action);
  }

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

function actionOf({ url = '' }: IncomingMessage): FakeAction {
  return Object.entries(ACTION_OF_PATH).find(([path]) => url.startsWith(path))?.[1] ?? 'GetCallerIdentity';
}
