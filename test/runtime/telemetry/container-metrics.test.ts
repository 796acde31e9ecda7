import { METRIC_CATALOG } from '../../../src/contract/data';
import { ContainerEnd, ContainerProcess } from '../../support/container-process';
import { CloudWatchMood, FakeCloudWatch } from '../../support/fake-cloudwatch';
import { emittedMetrics, logRecords } from '../../support/runtime-log';

const { exitTimeoutMs, maxDataPerCall } = METRIC_CATALOG.transport;
const SERIES = { service_name: 'worker', index_name: 'titles', environment: 'prod' };
const EMIT_100 = "for (let i = 0; i < 100; i++) emitMetric('RetrievalChunkCount', i % 7, { index_name: 'titles' });";
const STAY = 'setInterval(() => {}, 1000); ready();';
/** A process has to start, and a busy machine is slow. */
const SLACK_MS = 6_000;
const THOUSANDS = 3_000;
const LONGEST_EMIT_MS = 250;

let cloudWatch: FakeCloudWatch;
afterEach(() => cloudWatch.stop());

async function run(program: string, moods: readonly CloudWatchMood[] = ['well'], hasSdk = true): Promise<ContainerEnd> {
  cloudWatch = await FakeCloudWatch.start(...moods);
  return new ContainerProcess({ program, cloudWatch: cloudWatch.url, hasSdk }).end;
}

/** How often a value of the series stands in the log for CloudWatch. */
function timesLogged({ stdout }: ContainerEnd): number {
  return emittedMetrics(stdout).filter(({ dimensions }) => dimensions.index_name === 'titles').flatMap(({ values }) => values).length;
}

// Outside of Lambda, Powertools writes warnings and errors to standard error.
const eventsOf = ({ stderr }: ContainerEnd, event: string) => logRecords(stderr).filter(record => record.event === event);
const timesTaken = () => cloudWatch.timesTaken('ChunkCount', SERIES);

test('an old name is sent beside the new one', async () => {
  const old = JSON.stringify([{ metric: 'RetrievalChunkCount', namespace: 'Old', name: 'chunks' }]);
  await run(`process.env.PLUMBLINE_METRIC_MIGRATIONS = ${JSON.stringify(old)}; ${EMIT_100}`);
  expect(cloudWatch.taken.map(({ Namespace }) => Namespace).sort()).toEqual(['Old', 'Shop/Retrieval']);
  expect([timesTaken(), cloudWatch.timesTaken('chunks', SERIES)]).toEqual([100, 100]);
});

describe('the end of a process', () => {
  test('that has nothing more to do: it ends by itself, and everything is sent', async () => {
    const end = await run(EMIT_100);
    expect([end.code, timesTaken(), timesLogged(end)]).toEqual([0, 100, 0]);
    expect(cloudWatch.timesTaken('ChunkCount', { environment: 'prod' })).toBe(100);
    expect(cloudWatch.taken.map(({ Namespace }) => Namespace)).toEqual(['Shop/Retrieval']);
  });

  test('by SIGTERM: everything is sent, and the signal ends it all the same', async () => {
    cloudWatch = await FakeCloudWatch.start('slowly');
    const service = new ContainerProcess({ program: EMIT_100 + STAY, cloudWatch: cloudWatch.url });
    await service.ready;
    service.kill('SIGTERM');
    const end = await service.end;
    expect([end.signal, timesTaken()]).toEqual(['SIGTERM', 100]);
  });

  test('by SIGTERM, which the service listens to: when and how it ends is its own matter', async () => {
    cloudWatch = await FakeCloudWatch.start('well');
    const program = `process.on('SIGTERM', async () => { ${EMIT_100} await flushMetrics(); process.exit(7); }); ${EMIT_100} ${STAY}`;
    const service = new ContainerProcess({ program, cloudWatch: cloudWatch.url });
    await service.ready;
    service.kill('SIGTERM');
    const end = await service.end;
    expect([end.code, timesTaken() + timesLogged(end)]).toEqual([7, 200]);
  });

  test.each([
    ['by process.exit()', 'process.exit(3)', 3],
    ['by an error that nobody catches', "setTimeout(() => { throw new Error('nobody catches me') })", 1],
  ])('%s: what can no longer be sent stands in the log', async (_how, ending, code) => {
    const end = await run(`${EMIT_100} ${ending}`, ['never']);
    expect([end.code, timesTaken(), timesLogged(end)]).toEqual([code, 0, 100]);
  });

  test('while CloudWatch hangs: not for long', async () => {
    const end = await run(`${EMIT_100} ready();`, ['never']);
    expect([end.code, timesLogged(end)]).toEqual([0, 100]);
    expect(end.milliseconds).toBeLessThan(exitTimeoutMs + SLACK_MS);
  });
});

describe('while it runs', () => {
  const FOR_SECONDS = (seconds: number): string => `setTimeout(() => {}, ${seconds * 1000});`;

  test('metrics are sent once a second, without an end', async () => {
    cloudWatch = await FakeCloudWatch.start('well');
    const service = new ContainerProcess({ program: `${EMIT_100} ${STAY}`, cloudWatch: cloudWatch.url });
    await service.ready;
    for (let waited = 0; waited < SLACK_MS && timesTaken() < 100; waited += 50) await new Promise(resolve => setTimeout(resolve, 50));
    expect(timesTaken()).toBe(100);
    service.kill('SIGKILL');
    await service.end;
  });

  test('what throttling and errors hold up is sent later, once', async () => {
    const end = await run(EMIT_100 + FOR_SECONDS(4), ['throttling', 'failing', 'well']);
    expect([end.code, timesTaken(), timesLogged(end), cloudWatch.calls]).toEqual([0, 100, 0, 3]);
    expect(eventsOf(end, 'metrics_not_sent')).toMatchObject([{ level: 'WARN', lost: 0, waiting: 300, reason: 'told to be throttling' }]);
  });

  test('what CloudWatch refuses is counted as lost, and not sent again', async () => {
    const end = await run(EMIT_100 + FOR_SECONDS(2.5), ['refusing']);
    expect([end.code, cloudWatch.calls]).toEqual([0, 1]);
    expect(eventsOf(end, 'metrics_not_sent')).toMatchObject([{ lost: 300, waiting: 0, reason: 'told to be refusing' }]);
  });

  test('thousands of series: at most 20 data a call, none is lost, and nobody waits', async () => {
    const end = await run(`
      let longest = 0;
      for (let i = 0; i < ${THOUSANDS}; i++) {
        const start = performance.now();
        emitMetric('RetrievalChunkCount', 1, { index_name: 'index ' + i });
        longest = Math.max(longest, performance.now() - start);
      }
      console.log(JSON.stringify({ longest }));`, ['well']);
    const [{ longest }] = logRecords(end.stdout).filter(record => 'longest' in record) as { longest: number }[];
    const data = cloudWatch.taken.flatMap(({ MetricData }) => MetricData);
    const sent = data.flatMap(({ Dimensions }) => Dimensions.filter(({ Name }) => Name === 'index_name').map(({ Value }) => Value));
    const logged = emittedMetrics(end.stdout).map(({ dimensions }) => dimensions.index_name).filter(Boolean);
    expect(end.code).toBe(0);
    expect(Math.max(...cloudWatch.taken.map(({ MetricData }) => MetricData.length))).toBe(maxDataPerCall);
    expect(new Set([...sent, ...logged]).size).toBe(THOUSANDS);
    expect(longest).toBeLessThan(LONGEST_EMIT_MS);
  });

  test('without the SDK it says so once, and the log is the way', async () => {
    const end = await run(`${EMIT_100} setTimeout(() => { ${EMIT_100} }, 2500);`, ['well'], false);
    expect([end.code, timesTaken(), timesLogged(end)]).toEqual([0, 0, 200]);
    expect(eventsOf(end, 'metrics_without_sdk')).toMatchObject([{
      level: 'ERROR', reason: '@aws-sdk/client-cloudwatch could not be loaded: add it to the dependencies of the service',
    }]);
  });
});
