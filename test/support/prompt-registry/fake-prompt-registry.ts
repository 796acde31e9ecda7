import { createServer, IncomingMessage, Server, ServerResponse } from 'http';
import type { AddressInfo } from 'net';
import { KEY_ARN, Published, PUBLIC_KEY } from './signed-prompts';
import type { Attributes } from '../../../runtime/node/prompts/attributes';

/** The three services of AWS that the registry is made of. */
export type RegistryService = 'dynamodb' | 's3' | 'kms';

/** How a service answers: well, late, never, with one of its errors, or with half of an answer. */
export type RegistryMood = 'well' | 'slowly' | 'never' | 'throttling' | 'failing' | 'denying' | 'breaking off' | 'dripping';

const SLOWLY_MS = 300;

/** DynamoDB's GetItem, S3's GetObject and KMS's GetPublicKey over real HTTP, on one port. */
export class FakePromptRegistry {
  public static async start(): Promise<FakePromptRegistry> {
    const fake = new FakePromptRegistry();
    await new Promise<void>(resolve => fake.server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  /** What the table has, by partition key. */
  public readonly items = new Map<string, Attributes>();
  /** The objects by key and version. */
  public readonly objects = new Map<string, Uint8Array>();
  public readonly moods: Record<RegistryService, RegistryMood> = { dynamodb: 'well', s3: 'well', kms: 'well' };
  public key: Record<string, unknown> = {
    KeyId: KEY_ARN,
    KeyUsage: 'SIGN_VERIFY',
    SigningAlgorithms: ['RSASSA_PKCS1_V1_5_SHA_256'],
    PublicKey: PUBLIC_KEY.toString('base64'),
  };
  /** The services that were asked, in turn. */
  public readonly asked: RegistryService[] = [];
  private readonly server: Server = createServer((request, response) => void this.answer(request, response));

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public put({ bytes, release }: Published): void {
    this.objects.set(`${release.key} ${release.object_version_id}`, bytes);
  }

  public deploy(item: Attributes): void {
    this.items.set((item.pk as { S: string }).S, item);
  }

  public stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const target = String(request.headers['x-amz-target'] ?? '');
    const service = target.startsWith('DynamoDB') ? 'dynamodb' : target.startsWith('Trent') ? 'kms' : 's3';
    this.asked.push(service);
    const mood = this.moods[service];
    if (mood === 'never') return;
    if (mood === 'slowly') await new Promise(resolve => setTimeout(resolve, SLOWLY_MS));
    const error = errorOf(service, mood);
    const [status, body] = error ?? this.wellOf(service, request.url ?? '', target, Buffer.concat(chunks).toString());
    send(response, status, body, mood);
  }

  private wellOf(service: RegistryService, url: string, target: string, body: string): readonly [status: number, body: Uint8Array] {
    return service === 's3' ? this.object(url) : [200, this.json(target, body)];
  }

  private object(url: string): readonly [status: number, body: Uint8Array] {
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const key = decodeURIComponent(pathname).replace(/^\/[^/]+\//, '');
    const found = this.objects.get(`${key} ${searchParams.get('versionId')}`);
    return found ? [200, found] : [404, Buffer.from('<Error><Code>NoSuchVersion</Code><Message>told by the fake</Message></Error>')];
  }

  private json(target: string, body: string): Uint8Array {
    if (target.endsWith('GetPublicKey')) return Buffer.from(JSON.stringify(this.key));
    const { Key, ConsistentRead } = JSON.parse(body) as { Key: { pk: { S: string } }; ConsistentRead?: boolean };
    if (ConsistentRead !== true) throw new Error('an answer might be older than the one before');
    return Buffer.from(JSON.stringify({ Item: this.items.get(Key.pk.S) }));
  }
}

function errorOf(service: RegistryService, mood: RegistryMood): readonly [status: number, body: Uint8Array] | undefined {
  const errors: Partial<Record<RegistryMood, readonly [number, string]>> = {
    throttling: [service === 's3' ? 503 : 400, service === 's3' ? 'SlowDown' : 'ThrottlingException'],
    failing: [500, service === 's3' ? 'InternalError' : 'InternalServerError'],
    denying: [service === 's3' ? 403 : 400, service === 's3' ? 'AccessDenied' : 'AccessDeniedException'],
  };
  const told = errors[mood];
  if (!told) return undefined;
  const [status, code] = told;
  const message = 'told by the fake';
  const xml = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return [status, Buffer.from(service === 's3' ? xml : JSON.stringify({ __type: code, message }))];
}

function send(response: ServerResponse, status: number, body: Uint8Array, mood: RegistryMood): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', 'content-length': body.length });
  if (mood === 'breaking off') return void response.write(body.subarray(0, body.length / 2), () => response.destroy());
  if (mood !== 'dripping') return void response.end(body);
  response.write(body.subarray(0, 1));
}
