import { FaultyBedrockServer } from '../../../support/faulty-bedrock-server/faulty-bedrock-server';
import { FrozenCaller } from '../support/frozen-caller';

/** `npx projen soak` freezes for two minutes, beyond every limit there is. */
const FREEZE_MS = Number(process.env.PLUMBLINE_FREEZE_SECONDS ?? 3) * 1_000;
/** The longest an attempt may take in the frozen process, and some room for the machine. */
const BOUND_MS = 4_000 + 1_500;

jest.setTimeout(FREEZE_MS + 60_000);

let server: FaultyBedrockServer;
let caller: FrozenCaller | undefined;

beforeAll(async () => { server = await FaultyBedrockServer.start({ lifetimeMs: 10 * FREEZE_MS + 600_000 }); });
afterEach(() => caller?.stop());
afterAll(async () => server.stop());

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

async function frozen(plan: string, { credentialsMs = 0, beforeFreezeMs = 0 }: { credentialsMs?: number; beforeFreezeMs?: number }) {
  caller = await FrozenCaller.start(server.url(plan));
  caller.begin();
  await caller.next();
  const requests = server.requestsOf(plan).length;
  caller.begin(credentialsMs);
  await pause(beforeFreezeMs);
  const told = caller.next();
  await caller.freeze(FREEZE_MS);
  const thawed = performance.now();
  const call = await told;
  return { call, msAfterThaw: performance.now() - thawed, requests: server.requestsOf(plan).length - requests };
}

describe(`a function that is frozen for ${FREEZE_MS / 1_000} s`, () => {
  test.each([
    ['the connection stays', () => undefined, 1],
    ['the network has dropped the connection silently', () => server.dropConnectionsSilently(), 2],
    ['the server has closed the connection', () => server.closeConnections(), 2],
  ])('between two calls: the second succeeds, when %s', async (_what, meanwhile, mostAttempts) => {
    const plan = `late-ok@between ${_what}`;
    caller = await FrozenCaller.start(server.url(plan));
    caller.begin();
    await caller.next();
    const thawed = caller.freeze(FREEZE_MS);
    await pause(FREEZE_MS / 2);
    meanwhile();
    await thawed;
    caller.begin();
    const call = await caller.next();
    expect(call).toMatchObject({ outcome: 'success' });
    expect(call.attempts).toBeLessThanOrEqual(mostAttempts);
    expect(call.ms).toBeLessThan(BOUND_MS);
    expect(server.requestsOf(plan)).toHaveLength(2);
  });

  test('in a call that has not reached the network: it succeeds, and the model is called once', async () => {
    const { call, msAfterThaw, requests } = await frozen('late-ok@before the network', { credentialsMs: 1_000, beforeFreezeMs: 300 });
    expect(call).toMatchObject({ outcome: 'success' });
    expect(msAfterThaw).toBeLessThan(BOUND_MS);
    expect(requests).toBe(1);
  });

  test('in a call that waits for its answer: the answer that came meanwhile counts, and the model is called once', async () => {
    const { call, msAfterThaw, requests } = await frozen('late-ok,slow-start@waiting', { beforeFreezeMs: 60 });
    expect(call).toMatchObject({ outcome: 'success', attempts: 1 });
    expect(msAfterThaw).toBeLessThan(BOUND_MS);
    expect(requests).toBe(1);
  });
});
