import { createServer as createHttpServer } from 'http';
import { createServer as createHttpsServer, type Server, type ServerOptions } from 'https';
import { connect, createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'net';
import { selfSignedCertificate } from '../../support/faulty-bedrock-server/self-signed-certificate';
import { httpEvent } from '../../support/runtime-events';
import { LambdaFunction, type FunctionOptions } from '../../support/runtime-function';
import { GENERATIONS } from '../../support/runtime-generations';

jest.setTimeout(120_000);

const STS = 'sts.us-east-1.amazonaws.com';
const BEDROCK = 'bedrock.us-east-1.amazonaws.com';
const CERTIFICATE = selfSignedCertificate([STS, BEDROCK]);
/** Of its own, so that nothing else of the machine is in the way of port 443; listening there needs root. */
const IPV4 = '127.86.71.5';
const asRoot = process.getuid?.() === 0 ? test : test.skip;
const CODE = {
  'index.js': `exports.handler = async () => {
    await new Promise(resolve => setTimeout(resolve, 50));
    return process.getActiveResourcesInfo().filter(name => name === 'TCPSocketWrap').length;
  };`,
  'ca.pem': CERTIFICATE.cert,
};
const IDENTITY = '<Arn>arn:aws:sts::123456789012:assumed-role/chat-role/chat</Arn>';
const DENIAL = '{"__type":"com.amazon.coral.service#AccessDeniedException","message":"no"}';

/** STS and Bedrock at their real names: who the caller is, and what Bedrock says of it. */
class Region {
  public static async at(address: string, options: { readonly denied?: boolean; readonly tls?: ServerOptions } = {}): Promise<Region> {
    const region = new Region(options.denied ?? false, { ...CERTIFICATE, ...options.tls });
    await new Promise<void>((resolve, reject) => region.server.on('error', reject).listen(443, address, resolve));
    open.push(region);
    return region;
  }

  public readonly asked: string[] = [];
  private readonly server: Server;

  private constructor(denied: boolean, tls: ServerOptions) {
    this.server = createHttpsServer(tls, (request, response) => {
      this.asked.push(String(request.headers.host));
      if (request.headers.host === STS) return response.end(IDENTITY);
      response.writeHead(denied ? 403 : 200);
      // A list without end: its status says enough, and the connection must not stay.
      if (!denied) return response.write('{"modelSummaries":[');
      // Without a length Node sends chunks; cut where a search would miss the code.
      response.write(DENIAL.slice(0, 30));
      return response.end(DENIAL.slice(30));
    });
  }

  public close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

let open: Region[] = [];
afterEach(() => {
  for (const region of open) region.close();
  open = [];
});

const hostsAt = (address: string) => ({ [STS]: address, [BEDROCK]: address });

describe.each(GENERATIONS)('the probe on %s', (_name, generation) => {
  const options = (more: Partial<FunctionOptions>): FunctionOptions => ({
    generation,
    code: CODE,
    ...more,
    environment: { PLUMBLINE_PROBE: 'BASIC', NODE_EXTRA_CA_CERTS: '/var/task/ca.pem', ...more.environment },
  });
  const skipped = async (fn: LambdaFunction) => (await fn.log()).filter(({ event }) => event === 'iam_probe_skipped');
  /** Milliseconds from here until the function has answered its first request, and the data of its answer. */
  async function start(fn: LambdaFunction): Promise<{ readonly ms: number; readonly openSockets: number }> {
    const begun = Date.now();
    const { body } = JSON.parse((await fn.invoke(httpEvent({}))).body) as { body: string };
    return { ms: Date.now() - begun, openSockets: (JSON.parse(body) as { data: number }).data };
  }

  asRoot('asks both services by their own names, and leaves no connection open', async () => {
    const region = await Region.at(IPV4);
    await LambdaFunction.with(options({ hosts: hostsAt(IPV4) }), async fn => {
      const { openSockets } = await start(fn);
      expect(region.asked.sort()).toEqual([BEDROCK, STS]);
      expect(await skipped(fn)).toEqual([]);
      expect(openSockets).toBe(0);
    });
  });

  asRoot('reaches a host that has an address of IPv6 alone', async () => {
    const region = await Region.at('::1');
    await LambdaFunction.with(options({ hosts: hostsAt('::1') }), async fn => {
      await start(fn);
      expect(region.asked).toHaveLength(2);
      expect(await skipped(fn)).toEqual([]);
    });
  });

  asRoot('hears a denial that comes in chunks', async () => {
    await Region.at(IPV4, { denied: true });
    await LambdaFunction.with(options({ hosts: hostsAt(IPV4) }), async fn => {
      expect(JSON.parse((await fn.startError()).body)).toMatchObject({ errorType: 'LambdaInitException' });
      expect((await fn.log()).find(({ event }) => event === 'iam_validation_failed')).toMatchObject({
        action: 'bedrock:ListFoundationModels', role_arn: 'arn:aws:iam::123456789012:role/chat-role',
      });
    });
  });

  asRoot('trusts no server whose certificate nobody vouches for, or that is for another name', async () => {
    const region = await Region.at(IPV4);
    const other = await Region.at('127.86.71.6', { tls: selfSignedCertificate() });
    await LambdaFunction.with(options({ hosts: hostsAt(IPV4), environment: { NODE_EXTRA_CA_CERTS: '' } }), async fn => {
      await start(fn);
      expect((await skipped(fn)).map(({ reason }) => reason)).toEqual(Array(2).fill(expect.stringContaining('certificate')));
    });
    await LambdaFunction.with(options({ hosts: hostsAt('127.86.71.6') }), async fn => {
      await start(fn);
      expect(await skipped(fn)).toHaveLength(2);
    });
    expect([...region.asked, ...other.asked]).toEqual([]);
  });

  test('gives a server that never shakes hands no more than its two seconds', async () => {
    const sockets: Socket[] = [];
    const silent = createTcpServer(socket => sockets.push(socket));
    const port = await listen(silent);
    await LambdaFunction.with(options({ environment: { AWS_ENDPOINT_URL: `https://localhost:${port}` } }), async fn => {
      const { ms } = await start(fn);
      expect(ms).toBeGreaterThan(1_900);
      expect(ms).toBeLessThan(6_000);
      expect((await skipped(fn)).map(({ reason }) => reason)).toEqual(Array(2).fill('no answer within 2000 ms'));
    }).finally(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
  });

  test('survives connections that are dropped as soon as they stand', async () => {
    const dropping = createTcpServer(socket => socket.destroy());
    const port = await listen(dropping);
    await LambdaFunction.with(options({ environment: { AWS_ENDPOINT_URL: `http://localhost:${port}` } }), async fn => {
      await start(fn);
      expect(await skipped(fn)).toHaveLength(2);
    }).finally(() => dropping.close());
  });

  asRoot('goes through the proxy that Node is told to use', async () => {
    await Region.at(IPV4);
    const tunnels: string[] = [];
    const proxy = createHttpServer().on('connect', ({ url = '' }, client: Socket) => {
      tunnels.push(url);
      const server = connect(443, IPV4, () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        server.pipe(client).pipe(server);
      });
      for (const socket of [client, server]) socket.on('error', () => server.destroy());
    });
    const environment = { NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: `http://127.0.0.1:${await listen(proxy)}`, NO_PROXY: '127.0.0.1' };
    // No hosts: only the proxy knows where the services are.
    await LambdaFunction.with(options({ environment }), async fn => {
      await start(fn);
      expect(tunnels.sort()).toEqual([`${BEDROCK}:443`, `${STS}:443`]);
      expect(await skipped(fn)).toEqual([]);
    }).finally(() => {
      proxy.closeAllConnections();
      proxy.close();
    });
  });
});

async function listen(server: TcpServer): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
