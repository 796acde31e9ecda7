import { createServer, IncomingMessage, Server, ServerResponse } from 'http';
import type { AddressInfo } from 'net';
import { ACCOUNT } from './local-environment';
import { LOOPBACK } from '../system/ports';

const LIST_MODELS = 'bedrock:ListFoundationModels';
const PATH = /^\/as\/([^/]+)\/foundation-models/;

/** Decides whether a role may do an action. */
export type MayDo = (roleName: string, action: string) => Promise<boolean>;

/**
 * The control plane of Bedrock as far as the IAM probe asks it: lists no models, to roles that may list them.
 *
 * The emulator's own lists them for everybody.
 */
export class BedrockControlPlane {
  public static async start(mayDo: MayDo): Promise<BedrockControlPlane> {
    const plane = new BedrockControlPlane(mayDo);
    await new Promise<void>(resolve => plane.server.listen(0, LOOPBACK, resolve));
    return plane;
  }

  private readonly server: Server;

  private constructor(private readonly mayDo: MayDo) {
    this.server = createServer((request, response) => {
      this.answer(request, response).catch(() =>
        send(response, 503, 'ServiceUnavailableException', { message: 'The simulator did not answer.' }),
      );
    });
  }

  /** The endpoint for functions of the role; a CloudFormation value, since the role's name is known at deployment. */
  public endpointFor(roleName: unknown): unknown {
    return { 'Fn::Join': ['', [`http://${LOOPBACK}:${(this.server.address() as AddressInfo).port}/as/`, roleName]] };
  }

  public stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    const [, roleName] = PATH.exec(request.url ?? '') ?? [];
    if (roleName === undefined) return send(response, 404, 'ResourceNotFoundException', { message: `No ${request.url} here.` });
    if (await this.mayDo(decodeURIComponent(roleName), LIST_MODELS)) return send(response, 200, undefined, { modelSummaries: [] });
    return send(response, 403, 'AccessDeniedException', {
      message: `User: arn:aws:sts::${ACCOUNT}:assumed-role/${roleName}/local is not authorized to perform: ${LIST_MODELS} on resource: *`,
    });
  }
}

function send(response: ServerResponse, status: number, errorType: string | undefined, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', ...(errorType && { 'x-amzn-errortype': errorType }) });
  response.end(JSON.stringify(body));
}
