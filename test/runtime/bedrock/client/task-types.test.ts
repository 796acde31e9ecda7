import { STANDARD_POLICY } from '../../../../runtime/node/bedrock/client/client-policy';
import { TaskTypes, TaskTypeSource } from '../../../../runtime/node/bedrock/client/task-types';
import { taskTypeSettingsOf } from '../../../../src/contract/task-types';

const BUILT_IN = STANDARD_POLICY.readTimeoutMs;
const MINUTE = STANDARD_POLICY.refresh.intervalMs;

/** A source that says what it is told to, and counts. */
class ScriptedSource implements TaskTypeSource {
  public fetches = 0;
  public constructor(private readonly script: (string | undefined | Error)[]) {}

  public async fetch(): Promise<string | undefined> {
    const next = this.script[Math.min(this.fetches, this.script.length - 1)];
    this.fetches += 1;
    if (next instanceof Error) throw next;
    return next;
  }
}

function taskTypes(...script: (string | undefined | Error)[]) {
  const warnings: [string, unknown][] = [];
  const clock = { now: 0 };
  const source = new ScriptedSource(script);
  const warn = (event: string, fields: unknown) => { warnings.push([event, fields]); };
  const types = new TaskTypes({ policy: STANDARD_POLICY, source, now: () => clock.now, warn });
  /** Asks, lets the background work be done, and asks again a minute later. */
  const askNextMinute = async () => {
    types.readTimeoutMs('synthesis');
    await new Promise(setImmediate);
    const readTimeoutMs = types.readTimeoutMs('synthesis');
    clock.now += MINUTE;
    return readTimeoutMs;
  };
  return { types, source, warnings, clock, askNextMinute };
}

const tuned = (synthesis: unknown) => JSON.stringify({ readTimeoutMs: { synthesis } });

describe('the read timeout of a task type', () => {
  test('is the built-in one without a source', () => {
    const types = new TaskTypes({ policy: STANDARD_POLICY, warn: () => undefined });
    expect(Object.keys(BUILT_IN).map(name => types.readTimeoutMs(name))).toEqual(Object.values(BUILT_IN));
  });

  test('is the built-in one until the source has answered: no call waits', () => {
    const { types, source } = taskTypes(tuned(30_000));
    expect(types.readTimeoutMs('synthesis')).toBe(BUILT_IN.synthesis);
    expect(source.fetches).toBe(1);
  });

  test('is the tuned one afterwards; the others stay', async () => {
    const { types, askNextMinute } = taskTypes(tuned(30_000));
    expect(await askNextMinute()).toBe(30_000);
    expect(types.readTimeoutMs('embedding')).toBe(BUILT_IN.embedding);
  });

  test('follows the source, once a minute', async () => {
    const { source, askNextMinute } = taskTypes(tuned(30_000), tuned(40_000));
    expect([await askNextMinute(), await askNextMinute()]).toEqual([30_000, 40_000]);
    expect(source.fetches).toBe(2);
  });

  test('stays when the source has nothing new', async () => {
    const { askNextMinute } = taskTypes(tuned(30_000), undefined);
    expect([await askNextMinute(), await askNextMinute()]).toEqual([30_000, 30_000]);
  });

  test('stays the last good one when the source fails, with one warning until it is well again', async () => {
    const { askNextMinute, warnings } = taskTypes(tuned(30_000), new Error('away'), new Error('away'), undefined, new Error('away'));
    for (let minute = 0; minute < 5; minute += 1) expect(await askNextMinute()).toBe(30_000);
    expect(warnings).toEqual([['taskTypesStale', { reason: 'Error: away' }], ['taskTypesStale', { reason: 'Error: away' }]]);
  });

  test('returns to the built-in one when the document no longer tunes it', async () => {
    const { askNextMinute } = taskTypes(tuned(30_000), JSON.stringify({ readTimeoutMs: {} }));
    expect([await askNextMinute(), await askNextMinute()]).toEqual([30_000, BUILT_IN.synthesis]);
  });

  test('stays the last good one when the document is not good, with a warning', async () => {
    const { askNextMinute, warnings } = taskTypes(tuned(30_000), tuned(-1));
    expect([await askNextMinute(), await askNextMinute()]).toEqual([30_000, 30_000]);
    expect(warnings).toEqual([['taskTypesRejected', { problem: expect.stringContaining('synthesis') }]]);
  });

  test.each([
    ['task types', { readTimeoutMs: Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`type_${i}_${'x'.repeat(200)}`, 5_000])) }],
    ['keys', { readTimeoutMs: {}, ...Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`key_${i}_${'x'.repeat(200)}`, 1])) }],
  ])('warns once, and shortly, of %s that it does not know', async (what, document) => {
    const text = JSON.stringify(document);
    const { askNextMinute, warnings } = taskTypes(text, text, new Error('away'), text);
    for (let minute = 0; minute < 4; minute += 1) await askNextMinute();
    expect(warnings.map(([event]) => event)).toEqual(['taskTypesRejected', 'taskTypesStale']);
    const { problem } = warnings[0][1] as { problem: string };
    expect(problem).toContain(`unknown ${what}`);
    expect(problem).toContain('and 497 more');
    expect(problem.length).toBeLessThan(300);
  });

  test('is asked for by one request at a time', () => {
    const { types, source, clock } = taskTypes(tuned(30_000));
    types.readTimeoutMs('synthesis');
    clock.now += 10 * MINUTE;
    types.readTimeoutMs('synthesis');
    expect(source.fetches).toBe(1);
  });

  test('is given up when the source hangs', async () => {
    const warnings: unknown[] = [];
    const policy = { ...STANDARD_POLICY, refresh: { ...STANDARD_POLICY.refresh, timeoutMs: 20 } };
    const source = {
      fetch: async (signal: AbortSignal) =>
        new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    };
    const types = new TaskTypes({ policy, source, warn: (_event, fields) => { warnings.push(fields); } });
    types.refreshWhenDue();
    await new Promise(resolve => setTimeout(resolve, 60));
    expect(warnings).toEqual([{ reason: 'Error: no answer within 20 ms' }]);
  });
});

describe('a document', () => {
  test.each([
    ['', 'not JSON'],
    ['null', 'not JSON'],
    ['{}', 'not JSON'],
    ['{"readTimeoutMs": []}', 'not JSON'],
    ['{"readTimeoutMs": {"haiku": 5}}', 'unknown task types: haiku'],
    ['{"readTimeoutMs": {"toString": 5}}', 'unknown task types: toString'],
    [tuned(0), 'synthesis'],
    [tuned(999), 'from 1000 to 900000: synthesis'],
    [tuned(1.5), 'synthesis'],
    [tuned('60000'), 'synthesis'],
    [tuned(null), 'synthesis'],
    [tuned(STANDARD_POLICY.refresh.maxReadTimeoutMs + 1), 'synthesis'],
    [JSON.stringify({ readTimeoutMs: { synthesis: 30_000, embedding: 0 } }), 'embedding'],
    ['{"readTimeoutMs": {}, "serviceTiers": ["flex"]}', 'serviceTiers is not of the shape'],
    ['{"readTimeoutMs": {}, "serviceTiers": {"haiku": "flex"}}', 'unknown task types: haiku'],
    ['{"readTimeoutMs": {}, "serviceTiers": {"embedding": "fast"}}', 'no service tiers (reserved, priority, default, flex): embedding'],
  ])('%s is refused as a whole: %s', (document, problem) => {
    expect(taskTypeSettingsOf(document, STANDARD_POLICY)).toEqual({ problem: expect.stringContaining(problem) });
  });

  test('may hold more than this version knows', () => {
    const document = JSON.stringify({ note: 'from a newer version', readTimeoutMs: { synthesis: 1_000 } });
    expect(taskTypeSettingsOf(document, STANDARD_POLICY))
      .toEqual({ readTimeoutMs: { ...BUILT_IN, synthesis: 1_000 }, serviceTiers: {}, unknownKeys: ['note'] });
  });
});

describe('the service tier of a task type', () => {
  test('is none until the source names one', async () => {
    const { types, askNextMinute } = taskTypes(JSON.stringify({ readTimeoutMs: {}, serviceTiers: { embedding_batch: 'flex' } }));
    expect(types.tryServiceTier('embedding_batch')).toBeUndefined();
    await askNextMinute();
    expect([types.tryServiceTier('embedding_batch'), types.tryServiceTier('synthesis')]).toEqual(['flex', undefined]);
  });
});
