import { STANDARD_POLICY } from '../../../../runtime/node/bedrock/client/client-policy';
import { callDeadline } from '../../../../runtime/node/bedrock/retry/call-deadline';
import { FaultyBedrockServer, FaultyPorts } from '../../../support/faulty-bedrock-server/faulty-bedrock-server';
import { Operation, sendAndRead } from '../support/commands';
import { SHORT_POLICY, testClient } from '../support/test-client';

let server: FaultyBedrockServer;

beforeAll(async () => { server = await FaultyBedrockServer.start(); });
afterAll(async () => server.stop());

const LEFT_MS = 1_000;
const RESERVE_MS = LEFT_MS * STANDARD_POLICY.deadlineReserve.share;

/** A call in a function that has a second left, under limits that are far longer. */
async function callWithSecondLeft(plan: string, port: keyof FaultyPorts, operation: Operation) {
  const { client, ports } = testClient({ primaryUrl: server.url(plan, port), policy: STANDARD_POLICY });
  ports.remainingMs = LEFT_MS;
  const started = performance.now();
  const error = await sendAndRead(client, operation).then(() => undefined, (reason: Error) => reason);
  client.destroy();
  return { error, ms: performance.now() - started, ports };
}

describe('a call ends while the function can still answer', () => {
  test.each<[string, string, keyof FaultyPorts, Operation]>([
    ['connecting', 'ok', 'blackHole', 'Converse'],
    ['waiting for the answer', 'no-answer', 'http1', 'Converse'],
    ['reading the answer', 'slow-body', 'http1', 'Converse'],
    ['reading a stream', 'stall-in-stream', 'http1', 'ConverseStream'],
    ['a two-way stream', 'stall-in-stream', 'h2c', 'InvokeModelWithBidirectionalStream'],
  ])('%s', async (_stage, fault, port, operation) => {
    const { error, ms } = await callWithSecondLeft(`${fault}@deadline`, port, operation);
    expect(error).toMatchObject({ name: 'TimeoutError', phase: 'deadline' });
    expect(ms).toBeLessThan(LEFT_MS - RESERVE_MS + 250);
    expect(ms).toBeGreaterThan(LEFT_MS - RESERVE_MS - 100);
  });

  test('waiting to retry, with the error that made it wait', async () => {
    const { error, ms } = await callWithSecondLeft('throttle-retry-after@deadline wait', 'http1', 'Converse');
    expect(error).toMatchObject({ name: 'ThrottlingException' });
    expect(ms).toBeLessThan(LEFT_MS - RESERVE_MS + 250);
  });

  test('and takes more time than a timer can count as more than enough', async () => {
    const { client, ports } = testClient({ primaryUrl: server.url('slow-start@endless time'), policy: STANDARD_POLICY });
    ports.remainingMs = 1_620_725_955_128;
    await expect(sendAndRead(client, 'Converse')).resolves.toBe(1);
    client.destroy();
  });

  test('and is not tried again for lack of time', async () => {
    const { ports } = await callWithSecondLeft('no-answer@deadline once', 'http1', 'Converse');
    expect(ports.calls).toEqual([expect.objectContaining({ outcome: 'TimeoutError', attempts: 1 })]);
  });

  test('at once when there is no time left', async () => {
    const { client, ports } = testClient({ primaryUrl: server.url('ok@no time') });
    ports.remainingMs = 0;
    await expect(sendAndRead(client, 'Converse')).rejects.toMatchObject({ name: 'TimeoutError', phase: 'deadline' });
    expect(server.requestsOf('ok@no time')).toHaveLength(0);
  });
});

test('the lack of time is no failure of the Region', async () => {
  const { client, ports } = testClient({ primaryUrl: server.url('no-answer@blameless'), fallbackUrl: server.url('ok@unused') });
  for (let call = 0; call < SHORT_POLICY.circuit.fallbacksToOpen + 1; call += 1) {
    ports.remainingMs = 200;
    await expect(sendAndRead(client, 'Converse')).rejects.toMatchObject({ phase: 'deadline' });
  }
  expect(ports.fallbackCounts).toEqual([]);
  expect(server.requestsOf('ok@unused')).toHaveLength(0);
});

describe('the deadline', () => {
  const { deadlineReserve } = STANDARD_POLICY;
  const untilDeadline = (leftMs: number) => callDeadline(leftMs, deadlineReserve) - performance.now();

  test('is never where nothing ends the function', () => {
    expect(callDeadline(Infinity, deadlineReserve)).toBe(Infinity);
  });

  test.each([[60_000, 60_000 - deadlineReserve.ms], [1_000, 850], [0, 0]])('with %d ms left is in %d ms', (leftMs, expectedMs) => {
    expect(untilDeadline(leftMs)).toBeCloseTo(expectedMs, -1);
  });
});
