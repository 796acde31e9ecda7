import {
  at, changed, copyOf, counts, current, events, hashOf, ID, INPUT, keyOf, OTHER, PROD, published, run, runOn,
} from './support/prompt-audit';
import { PROMPT_REGISTRY } from '../../../src/contract/data';
import { currentKey, environmentObject, eventKey } from '../../../src/contract/prompts/registry-keys';
import { failure, type FakeOperation, inTurn, reply } from '../../support/fake-api';
import { AuditedRegistry } from '../../support/prompt-registry/audited-registry';
import { filledRegistry } from '../../support/prompt-registry/filled-registry';
import { sha256 } from '../../support/prompt-registry/signed-prompts';
import { GENERATIONS } from '../../support/runtime-generations';

jest.setTimeout(120_000);

describe.each(GENERATIONS)('the audit of a prompt registry on %s', (_name, generation) => {
  runOn(generation);

  test('finds nothing in what real commands have written, and says what each environment serves', async () => {
    const { kind, answer, lines } = await run();
    expect(answer).toEqual({ findings: [] });
    expect(kind).toBe('response');
    expect(published()).toEqual([]);
    expect(counts(lines, 'DivergedCount')).toEqual({ dev: 0, staging: 0, prod: 0 });
    expect(counts(lines, 'AuditCount')).toEqual({ prod: 1 });
    expect(at.aws.callsOf('Scan').length).toBeGreaterThan(3);
    expect(at.aws.callsOf('GET /prompts').length + at.aws.callsOf('GET /prompts/').length).toBeGreaterThan(2);
    const [old, now] = ['1.0.0', '1.1.0'].map(version => at.filled.hashOf(version));
    expect(events(lines, 'prompt_audit_report')).toEqual([
      { audited: 'dev', part: 1, parts: 1, prompts: 1, serves: [{ prompt_id: ID, version: '1.1.0', template_hash: now }] },
      { audited: 'staging', part: 1, parts: 1, prompts: 1, serves: [{ prompt_id: ID, version: '1.1.0', template_hash: now }] },
      {
        audited: 'prod',
        part: 1,
        parts: 1,
        prompts: 1,
        serves: [{
          prompt_id: ID, version: '1.0.0', template_hash: old, candidate_version: '1.1.0', candidate_hash: now, candidate_percent: 10,
        }],
      },
    ]);
  });

  test('tells of a diverged prompt once, with both hashes, and counts it in its environment', async () => {
    const other = changed(at.registry.bytes(environmentObject({ ...PROD, version: '1.0.0' })));
    at.registry.put(environmentObject({ ...PROD, version: '1.0.0' }), JSON.stringify(other));
    const { kind, lines } = await run();
    expect(kind).toBe('response');
    const [told, ...others] = published();
    expect(others).toEqual([]);
    expect(told.Subject).toBe('[P3] [MangaAssist prod 123456789012] greeting diverged: prod');
    expect(told.Message).toContain('- prod: environments/prod/greeting/1.0.0.json was written 2 times (overwritten)\n'
      + `  there:    ${hashOf(other)}\n  registry: ${at.filled.hashOf('1.0.0')}`);
    expect(told.Message).toContain(`- prod: 1.0.0, ${at.filled.hashOf('1.0.0')}; 10 % 1.1.0, ${at.filled.hashOf('1.1.0')}`);
    expect(Object.values(told)).toEqual(expect.arrayContaining(['priority', 'P3', 'prompt_id', ID]));
    expect(counts(lines, 'DivergedCount')).toEqual({ dev: 0, staging: 0, prod: 1 });
    expect(counts(lines, 'AuditCount')).toEqual({ prod: 1 });
    const [logged] = events(lines, 'prompt_diverged');
    expect(Object.keys(logged)).toEqual(expect.arrayContaining([...PROMPT_REGISTRY.driftAudit.alertFields]));
  });
});

describe('copies in functions\' code', () => {
  runOn(GENERATIONS[0][1]);

  test('that serve there, or did, are fine; one that never did is told', async () => {
    const [old, now] = ['1.0.0', '1.1.0'].map(version => at.filled.hashOf(version));
    const bundled = { dev: { [ID]: [now, old] }, staging: { [ID]: [sha256(OTHER)] }, prod: { unknown: [old] } };
    const { codes, answer } = await run({}, { ...INPUT, bundled });
    expect(codes).toEqual(['staging bundled-unknown', 'prod bundled-unknown']);
    expect(answer.findings).toMatchObject([{ active_hash: sha256(OTHER), registry_hash: now }, { prompt_id: 'unknown', active_hash: old }]);
  });

  test('of a version that was revoked are told', async () => {
    const { memory } = await filledRegistry(async commands => {
      await commands.rollback({ id: ID, environments: ['dev'], reason: 'rude', isRevoking: true });
    });
    at.registry = await AuditedRegistry.of(memory);
    expect((await run()).codes).toEqual([]);
    expect((await run({}, { ...INPUT, bundled: { dev: { [ID]: [at.filled.hashOf('1.1.0')] } } })).codes).toEqual(['dev bundled-revoked']);
  });
});

describe('an audit', () => {
  runOn(GENERATIONS[0][1]);

  test('that is throttled at first sees all the same', async () => {
    const { Scan } = at.registry.operations();
    const { kind, codes } = await run({ Scan: inTurn(() => failure('ThrottlingException'), Scan) });
    expect([kind, codes]).toEqual(['response', []]);
  });

  test.each<[string, () => Record<string, FakeOperation>, RegExp]>([
    ['the table', () => ({ Scan: () => failure('AccessDeniedException') }), /AccessDenied/],
    ['the bucket', () => ({ '*': () => denied() }), /AccessDenied/],
    ['the key', () => ({ GetPublicKey: () => failure('AccessDeniedException') }), /AccessDenied/],
    ['another key', () => ({ GetPublicKey: () => ({ KeyId: 'arn:aws:kms:us-east-1:1:key/other' }) }), /gave the key/],
  ])('that may not read %s fails, and counts nothing', async (_what, operations, problem) => {
    const { kind, answer, lines } = await run(operations());
    expect(kind).toBe('error');
    expect(`${answer.errorType} ${answer.errorMessage}`).toMatch(problem);
    expect([counts(lines, 'DivergedCount'), counts(lines, 'AuditCount')]).toEqual([{}, {}]);
  });

  test('that may not read one object tells what it found of others, then fails', async () => {
    const id = 'evil';
    at.registry.items.push({ ...copyOf('prod', 2), prompt_id: id, ...currentKey({ environment: 'prod', id }) });
    const all = at.registry.operations()['*'];
    const { kind, answer, lines } = await run({
      '*': (input, call) => (call.operation.endsWith('versions/greeting/1.0.0.json') ? denied() : all(input, call)),
    });
    expect(kind).toBe('error');
    expect(answer.errorMessage).toMatch(/^The audit of the prompt registry is incomplete: greeting: AccessDenied/);
    expect(published()).toHaveLength(1);
    expect(counts(lines, 'DivergedCount')).toEqual({ prod: 1 });
    expect(counts(lines, 'AuditCount')).toEqual({});
  });

  test('without time for all prompts says so, and is not complete', async () => {
    const { kind, answer, lines } = await run({}, INPUT, 30_000);
    expect([kind, answer.errorMessage]).toEqual(['error', expect.stringContaining('no time left for 1 of 1 prompts')]);
    expect(counts(lines, 'DivergedCount')).toEqual({});
  });

  test('during a promotion looks again, and tells nobody', async () => {
    const scanned = at.registry.operations().Scan;
    const { memory } = await filledRegistry(async commands => {
      await commands.promote({ id: ID, version: '1.1.0', environment: 'prod', toAll: true });
      await commands.rollback({ id: ID, environments: ['prod'], reason: 'slow' });
    });
    at.registry = await AuditedRegistry.of(memory);
    const { kind, codes } = await run({ Scan: scanned });
    expect([kind, codes]).toEqual(['response', []]);
    expect(at.aws.callsOf('Query').length).toBeGreaterThan(0);
  });

  test('that can tell nobody fails', async () => {
    current().active = { ...current().active, template_hash: sha256(OTHER) };
    const refused = reply({
      status: 403,
      headers: { 'content-type': 'text/xml' },
      body: '<ErrorResponse><Error><Code>AuthorizationError</Code><Message>no</Message></Error></ErrorResponse>',
    });
    const { answer, lines } = await run({ Publish: () => refused });
    expect(answer.errorMessage).toContain('nobody was told of greeting: AuthorizationError');
    expect(counts(lines, 'DivergedCount').prod).toBe(1);
  });

  test('called by hand without its input says how to call it', async () => {
    expect((await run({}, {})).answer.errorMessage).toMatch(/^The event has no audit, bucket.*Call the function with the input of its/);
  });
});

describe('an event that a command left behind', () => {
  runOn(GENERATIONS[0][1]);
  const waiting = (sequence: number, environment = 'prod') => {
    const item = at.registry.item(...keyOf(eventKey({ environment, id: ID, sequence })));
    item.published = false;
    return item;
  };

  test('is published as the signed deployments say it, and marked', async () => {
    const item = waiting(2);
    const { kind, codes, lines } = await run();
    expect([kind, codes]).toEqual(['response', []]);
    const [{ input: { Entries: [entry] } }, ...more] = at.aws.callsOf('PutEvents');
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ Source: 'plumbline.prompts', EventBusName: 'bus', DetailType: 'PromptPromoted' });
    expect(JSON.parse(entry.Detail)).toEqual(item.detail);
    expect(item.published).toBe(true);
    expect(events(lines, 'prompt_event_published'))
      .toMatchObject([{ prompt_id: ID, environment: 'prod', sequence: 2, event_id: item.event_id }]);
    expect(at.aws.callsOf('UpdateItem')[0].input).toMatchObject({ ConditionExpression: 'attribute_exists(#pk)' });
  });

  test('and was edited is told, and the genuine one published', async () => {
    const item = waiting(2);
    const { detail } = item;
    item.detail = { ...detail, to_version: '6.6.6' };
    const { codes } = await run();
    expect(codes).toEqual(['prod event-forged']);
    expect(JSON.parse(at.aws.callsOf('PutEvents')[0].input.Entries[0].Detail)).toEqual(detail);
  });

  test('or that somebody marked as told by hand is told, published, and then has a receipt', async () => {
    const item = at.registry.item(...keyOf(eventKey({ ...PROD, sequence: 2 })));
    const { receipt } = item;
    item.receipt = at.registry.item(...keyOf(eventKey({ ...PROD, sequence: 1 }))).receipt;
    expect((await run()).codes).toEqual(['prod event-silenced']);
    expect(JSON.parse(at.aws.callsOf('PutEvents')[0].input.Entries[0].Detail)).toEqual(item.detail);
    expect(at.aws.callsOf('Sign')[0].input).toMatchObject({ SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_384', MessageType: 'DIGEST' });
    expect(item.receipt).toBe(receipt);
    expect((await run()).codes).toEqual([]);
  });

  test('and that a transaction writes at the same moment is marked all the same', async () => {
    const item = waiting(2);
    const { UpdateItem } = at.registry.operations();
    const { kind } = await run({ UpdateItem: inTurn(() => failure('TransactionConflictException'), UpdateItem) });
    expect([kind, item.published]).toEqual(['response', true]);
  });

  test('is missed when it is gone', async () => {
    at.registry.remove(...keyOf(eventKey({ ...PROD, sequence: 2 })));
    const { codes, answer } = await run();
    expect([codes, answer.findings[0].message]).toEqual([['prod event-missing'], 'the table has no event of deployment 2']);
  });

  test('is missed when it stands under a key with one more zero, which no command writes', async () => {
    const item = at.registry.item(...keyOf(eventKey({ ...PROD, sequence: 2 })));
    item.sk = String(item.sk).replace('#', '#0');
    const { codes } = await run();
    expect([codes, at.aws.callsOf('PutEvents')]).toEqual([['prod event-missing'], []]);
  });

  test('of no deployment is told, and never published', async () => {
    const { detail, ...item } = waiting(2);
    item.published = true;
    at.registry.items.push({ ...item, detail, published: false, ...eventKey({ ...PROD, sequence: 7 }) });
    at.registry.item(...keyOf(eventKey({ ...PROD, sequence: 2 }))).published = true;
    expect((await run()).codes).toEqual(['prod event-forged']);
    expect(at.aws.callsOf('PutEvents')).toEqual([]);
  });

  test('a moment ago is left to its command', async () => {
    const { memory } = await filledRegistry(async commands => {
      await commands.promote({ id: ID, version: '1.1.0', environment: 'prod', toAll: true });
    }, new Date());
    at.registry = await AuditedRegistry.of(memory);
    waiting(3);
    const { codes } = await run();
    expect([codes, at.aws.callsOf('PutEvents')]).toEqual([[], []]);
  });

  test('and that EventBridge does not take stays, and the audit is incomplete', async () => {
    const item = waiting(2);
    const { answer } = await run({ PutEvents: () => ({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure' }] }) });
    expect(answer.errorMessage).toMatch(/incomplete: greeting: InternalFailure/);
    expect(item.published).toBe(false);
  });
});

function denied(): unknown {
  return reply({
    status: 403,
    headers: { 'content-type': 'application/xml' },
    body: '<Error><Code>AccessDenied</Code><Message>told by the fake</Message></Error>',
  });
}
