import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { appConfigSource } from '../../../../runtime/node/bedrock/client/app-config-source';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** AppConfig's data plane, as far as one poller sees it. */
class FakeAppConfig {
  public readonly requests: string[] = [];
  public document = '';
  public fault: Answer | undefined;
  private tokens = 0;
  private readonly server: Server = createServer((request, response) => this.answer(request, response));

  public async start(): Promise<string> {
    await new Promise<void>(resolve => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(`${request.method} ${request.url}`);
    if (this.fault) return this.fault(request, response);
    this.tokens += 1;
    if (request.url === '/configurationsessions') {
      response.writeHead(201, { 'content-type': 'application/json' });
      return void response.end(JSON.stringify({ InitialConfigurationToken: `token-${this.tokens}` }));
    }
    response.writeHead(200, { 'next-poll-configuration-token': `token-${this.tokens}`, 'next-poll-interval-in-seconds': '60' });
    response.end(this.document);
    this.document = '';
  }
}

const names = ['AWS_ENDPOINT_URL_APPCONFIGDATA', 'AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const;
const saved = Object.fromEntries(names.map(name => [name, process.env[name]]));
let appConfig: FakeAppConfig;
const signal = new AbortController().signal;

beforeEach(async () => {
  appConfig = new FakeAppConfig();
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_APPCONFIGDATA: await appConfig.start(),
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
  });
});

afterEach(() => {
  appConfig.stop();
  for (const name of names) if (saved[name] === undefined) delete process.env[name];
  Object.assign(process.env, Object.fromEntries(Object.entries(saved).filter(([, value]) => value !== undefined)));
});

const source = () => appConfigSource('shop/prod/bedrock-client', () => undefined)!;

test('the document comes with the first fetch, and nothing while it stays the same', async () => {
  appConfig.document = '{"readTimeoutMs":{}}';
  const target = source();
  expect([await target.fetch(signal), await target.fetch(signal)]).toEqual(['{"readTimeoutMs":{}}', undefined]);
  expect(appConfig.requests).toEqual([
    'POST /configurationsessions', 'GET /configuration?configuration_token=token-1', 'GET /configuration?configuration_token=token-2',
  ]);
});

test('after an error a new session begins', async () => {
  const target = source();
  await target.fetch(signal);
  appConfig.fault = (_request, response) => { response.writeHead(400, { 'x-amzn-errortype': 'BadRequestException' }).end('{}'); };
  await expect(target.fetch(signal)).rejects.toMatchObject({ name: 'BadRequestException' });
  appConfig.fault = undefined;
  appConfig.document = 'new';
  expect(await target.fetch(signal)).toBe('new');
  expect(appConfig.requests.filter(request => request.startsWith('POST'))).toHaveLength(2);
});

test('a fetch ends when it is given up', async () => {
  appConfig.fault = () => undefined;
  const aborter = new AbortController();
  setTimeout(() => aborter.abort(), 50);
  await expect(source().fetch(aborter.signal)).rejects.toMatchObject({ name: 'AbortError' });
});

test.each([undefined, ''])('there is no source where the function has none: %s', given => {
  expect(appConfigSource(given, () => { throw new Error('no warning'); })).toBeUndefined();
});

test.each(['shop', 'shop/prod', 'shop//client', 'a/b/c/d'])('"%s" names no source, and a warning says so', given => {
  const warnings: unknown[] = [];
  expect(appConfigSource(given, (event, fields) => { warnings.push([event, fields]); })).toBeUndefined();
  expect(warnings).toEqual([['taskTypesRejected', { problem: expect.stringContaining(given) }]]);
});
