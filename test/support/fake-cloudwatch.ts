import { createServer, IncomingMessage, Server, ServerResponse } from 'http';
import type { AddressInfo } from 'net';
import { setTimeout as pause } from 'timers/promises';
import { gunzipSync } from 'zlib';
import type { EmittedMetric } from './runtime-log';

/** How the fake answers: well, late, never, or with one of CloudWatch's errors. */
export type CloudWatchMood = 'well' | 'slowly' | 'never' | 'throttling' | 'failing' | 'refusing';

interface Call {
  readonly Namespace: string;
  readonly MetricData: readonly {
    readonly MetricName: string;
    readonly Unit: string;
    readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    readonly Values: readonly number[];
    readonly Counts: readonly number[];
  }[];
}

const SLOWLY_MS = 300;
const ERRORS: Partial<Record<CloudWatchMood, readonly [status: number, code: string]>> = {
  throttling: [400, 'ThrottlingException'],
  failing: [500, 'InternalServiceError'],
  refusing: [403, 'AccessDeniedException'],
};

/** PutMetricData over real HTTP, in the protocol of today's SDKs. */
export class FakeCloudWatch {
  public static async start(...moods: CloudWatchMood[]): Promise<FakeCloudWatch> {
    const fake = new FakeCloudWatch(moods);
    await new Promise<void>(resolve => fake.server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  /** What was taken. */
  public readonly taken: Call[] = [];
  /** How many calls came, taken or not. */
  public calls = 0;
  private readonly server: Server;

  /** @param moods for one call after the other; the last one stays */
  private constructor(private readonly moods: CloudWatchMood[]) {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** How often a value was taken for the series with these dimensions. */
  public timesTaken(metric: string, dimensions: Readonly<Record<string, string>>): number {
    return this.taken.flatMap(({ MetricData }) => MetricData)
      .filter(({ MetricName, Dimensions }) => MetricName === metric && isSame(dimensions, Dimensions))
      .flatMap(({ Counts }) => Counts)
      .reduce((sum, count) => sum + count, 0);
  }

  /** All that was taken, each value as often as it came. */
  public get emitted(): EmittedMetric[] {
    return this.taken.flatMap(({ Namespace, MetricData }) => MetricData.map(({ MetricName, Unit, Dimensions, Values, Counts }) => ({
      namespace: Namespace,
      name: MetricName,
      unit: Unit,
      dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
      values: Values.flatMap((value, index) => Array<number>(Counts[index]).fill(value)),
    })));
  }

  public stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = JSON.parse((await bodyOf(request)).toString()) as Call;
    this.calls++;
    const mood = this.moods.length > 1 ? this.moods.shift()! : this.moods[0];
    if (mood === 'never') return;
    if (mood === 'slowly') await pause(SLOWLY_MS);
    const [status, code] = ERRORS[mood] ?? [200];
    if (!code) this.taken.push(call);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(code ? { __type: code, message: `told to be ${mood}` } : {}));
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

function isSame(wanted: Readonly<Record<string, string>>, given: readonly { readonly Name: string; readonly Value: string }[]): boolean {
  return given.length === Object.keys(wanted).length && given.every(({ Name, Value }) => wanted[Name] === Value);
}
