import { createServer, type Server } from 'http';
import type { AddressInfo } from 'net';
import { STACK } from './fake-bedrock-logging';
import type { RuntimeAnswer } from '../../../support/runtime-api-server';
import type { LambdaFunction } from '../../../support/runtime-function';

export interface ResourceAnswer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
}

interface EventFields {
  readonly StackId?: string;
  readonly LogicalResourceId?: string;
  /** Without it, an update changes nothing. */
  readonly OldResourceProperties?: unknown;
  /** What is left of the function's time when it is called. */
  readonly timeoutMs?: number;
}

/** CloudFormation as a function with a custom resource sees it: events that have no booleans, and an address in S3 that is signed. */
export class CustomResourceCaller {
  public static async start(fn: LambdaFunction): Promise<CustomResourceCaller> {
    const caller = new CustomResourceCaller(fn);
    await new Promise<void>(resolve => caller.server.listen(0, '127.0.0.1', resolve));
    return caller;
  }

  /** What it answers before it takes an answer. */
  public statuses: number[] = [];
  private answers: ResourceAnswer[] = [];
  private readonly server: Server;

  private constructor(private readonly fn: LambdaFunction) {
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', chunk => { body += String(chunk); });
      request.on('end', () => {
        // S3 would refuse these: the signature is of neither.
        const isSigned = request.method === 'PUT' && request.headers['content-type'] === undefined
          && request.headers['transfer-encoding'] === undefined && request.headers['content-length'] === String(Buffer.byteLength(body));
        const status = isSigned ? this.statuses.shift() ?? 200 : 403;
        if (status === 200) this.answers.push(JSON.parse(body));
        response.writeHead(status).end();
      });
    });
  }

  /** The answer of the resource, which there has to be, once. */
  public async call(type: string, properties: object, fields: EventFields = {}): Promise<ResourceAnswer> {
    this.answers = [];
    const { kind, body } = await this.invoke(type, properties, fields);
    const [answer, ...others] = this.answers;
    if (kind === 'response' && answer && others.length === 0) return answer;
    throw new Error(`${this.answers.length} answers, ${kind}: ${body}\n${this.fn.output}`);
  }

  public async invoke(type: string, properties: object, { timeoutMs, ...fields }: EventFields = {}): Promise<RuntimeAnswer> {
    const { port } = this.server.address() as AddressInfo;
    return this.fn.invoke({
      RequestType: type,
      ResponseURL: `http://127.0.0.1:${port}/answer?Signature=signature-of-the-address`,
      StackId: STACK,
      RequestId: 'request',
      LogicalResourceId: 'Log',
      ResourceType: 'Custom::Resource',
      ...(type !== 'Create' && { PhysicalResourceId: 'Log-0123456789abcdef' }),
      ResourceProperties: withoutBooleans({ ServiceToken: 'arn', ...properties }),
      ...(type === 'Update' && { OldResourceProperties: withoutBooleans({ ServiceToken: 'arn', ...properties }) }),
      ...fields,
    }, timeoutMs);
  }

  public close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** As CloudFormation gives properties to a function. */
export const withoutBooleans = (properties: object): unknown =>
  JSON.parse(JSON.stringify(properties, (_key, value: unknown) => (typeof value === 'boolean' ? String(value) : value)));
