import { createServer, IncomingMessage, Server, ServerResponse } from 'http';
import { AddressInfo } from 'net';

/** What the API of a Region knows. */
export interface RegionAnswers {
  readonly profiles: readonly { readonly id: string; readonly arns: readonly string[] }[];
  readonly models: readonly { readonly id: string; readonly lifecycle?: object }[];
}

/** What a request is answered instead; undefined lets it pass. */
export type Trouble = (request: { readonly operation: string; readonly region: string; readonly count: number }) =>
{ readonly status: number; readonly type: string; readonly message: string } | undefined;

const PAGE = 2;

const letPass: Trouble = () => undefined;

/** A server that speaks what `plumbline models sync` asks of Bedrock's control plane, in pages of two. */
export class BedrockApi {
  public readonly asked: string[] = [];
  public trouble: Trouble = letPass;
  /** Whether lists leave out where a profile leads. */
  public isTerse = false;
  private readonly server: Server;

  constructor(public regions: Record<string, RegionAnswers>) {
    this.server = createServer((request, response) => this.answer(request, response));
  }

  public async start(): Promise<this> {
    await new Promise<void>(resolve => { this.server.listen(0, '127.0.0.1', resolve); });
    return this;
  }

  /** What makes an SDK of this process, or of a child, talk to the server and to nobody else. */
  public get environment(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL_BEDROCK: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`,
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

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url!, 'http://localhost');
    const region = /Credential=[^/]+\/\d+\/([^/]+)\/bedrock\//.exec(request.headers.authorization ?? '')![1];
    const [, collection, id] = url.pathname.split('/').map(decodeURIComponent);
    const operation = collection === 'foundation-models' ? 'ListFoundationModels' : id ? 'GetInferenceProfile' : 'ListInferenceProfiles';
    this.asked.push(`${region} ${operation}`);
    const trouble = this.trouble({ operation, region, count: this.asked.filter(one => one === `${region} ${operation}`).length });
    const send = (status: number, body: unknown, type?: string): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...type && { 'x-amzn-errortype': type } });
      response.end(JSON.stringify(body));
    };
    if (trouble) return send(trouble.status, { message: trouble.message }, trouble.type);
    const { profiles, models } = this.regions[region];
    if (operation === 'ListFoundationModels') return send(200, { modelSummaries: models.map(model => modelSummary(model, region)) });
    if (id) return send(200, profileSummary(profiles.find(profile => profile.id === id)!, region));
    if (url.searchParams.get('type') !== 'SYSTEM_DEFINED') return send(400, { message: 'of every type' }, 'ValidationException');
    const from = Number(url.searchParams.get('nextToken') ?? 0);
    const shown = profiles.map(profile => (this.isTerse ? { ...profile, arns: [] } : profile));
    const page = shown.slice(from, from + PAGE).map(profile => profileSummary(profile, region));
    return send(200, { inferenceProfileSummaries: page, ...from + PAGE < profiles.length && { nextToken: String(from + PAGE) } });
  }
}

const YOUNG = { status: 'ACTIVE', startOfLifeTime: '2025-01-01T00:00:00Z' };

function modelSummary({ id, lifecycle = YOUNG }: RegionAnswers['models'][number], region: string): object {
  return {
    modelArn: `arn:aws:bedrock:${region}::foundation-model/${id}`,
    modelId: id,
    modelName: 'A model',
    providerName: 'Amazon',
    inputModalities: ['TEXT'],
    outputModalities: ['TEXT'],
    responseStreamingSupported: true,
    customizationsSupported: [],
    inferenceTypesSupported: ['ON_DEMAND'],
    modelLifecycle: lifecycle,
  };
}

function profileSummary({ id, arns }: RegionAnswers['profiles'][number], region: string): object {
  return {
    inferenceProfileName: 'A profile',
    description: 'Routes requests.',
    createdAt: '2024-09-30T00:00:00Z',
    updatedAt: '2024-11-04T17:49:37.317261Z',
    inferenceProfileArn: `arn:aws:bedrock:${region}:123456789012:inference-profile/${id}`,
    models: arns.map(modelArn => ({ modelArn })),
    inferenceProfileId: id,
    status: 'ACTIVE',
    type: 'SYSTEM_DEFINED',
  };
}
