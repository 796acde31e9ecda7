import { createServer, IncomingMessage, Server, ServerResponse } from 'http';
import { AddressInfo } from 'net';
import { gunzipSync } from 'zlib';

/** What a request is answered instead; undefined lets it pass. */
export type Trouble = (request: { readonly operation: string; readonly region: string; readonly count: number }) =>
{ readonly status: number; readonly type: string; readonly message: string } | undefined;

export interface LocalRequest {
  readonly url: URL;
  readonly region: string;
  readonly target: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const letPass: Trouble = () => undefined;

/** A server that speaks what a command asks of a service of AWS. */
export abstract class LocalApi {
  public readonly asked: string[] = [];
  public trouble: Trouble = letPass;
  /** Whether every page leads to the first one again. */
  public isEndless = false;
  private readonly server: Server;

  constructor(private readonly service: string) {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  public async start(): Promise<this> {
    await new Promise<void>(resolve => { this.server.listen(0, '127.0.0.1', resolve); });
    return this;
  }

  /** What makes an SDK of this process, or of a child, talk to the server and to nobody else. */
  public get environment(): Record<string, string> {
    return {
      [`AWS_ENDPOINT_URL_${this.service}`]: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/nonexistent/config',
      AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret-of-the-test',
    };
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise(resolve => { this.server.close(resolve); });
  }

  protected abstract operationOf(request: LocalRequest): string;

  /** Undefined refuses it. */
  protected abstract answerTo(request: LocalRequest & { readonly operation: string }): object | undefined;

  protected tokenOf(position: number): string {
    return this.isEndless ? '0' : String(position);
  }

  private async answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const text = (message.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
    const request = {
      url: new URL(message.url!, 'http://localhost'),
      region: /Credential=[^/]+\/\d+\/([^/]+)\//.exec(message.headers.authorization ?? '')![1],
      target: String(message.headers['x-amz-target'] ?? ''),
      body: text === '' ? {} : JSON.parse(text) as Record<string, unknown>,
    };
    const { region } = request;
    const operation = this.operationOf(request);
    this.asked.push(`${region} ${operation}`);
    const trouble = this.trouble({ operation, region, count: this.asked.filter(one => one === `${region} ${operation}`).length });
    const answer = trouble ? undefined : this.answerTo({ ...request, operation });
    const { status, type, message: told } = trouble ?? { status: 400, type: 'ValidationException', message: 'not understood' };
    response.writeHead(answer ? 200 : status, { 'content-type': 'application/json', ...!answer && { 'x-amzn-errortype': type } });
    response.end(JSON.stringify(answer ?? { __type: type, message: told }));
  }
}
