import { askingOf, ID, PromptStage } from './support/prompt-stage';
import { history } from '../../../cli/prompts/history';
import { hashesOf } from '../../../cli/prompts/prompt';
import { parsePrompt } from '../../../cli/prompts/prompt-file';
import { deploymentObject, versionObject } from '../../../src/contract/prompts/registry-keys';

let stage: PromptStage;
jest.mock('../../../cli/aws/asking', () => askingOf(() => stage));
beforeEach(async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'queueMicrotask', 'performance', 'hrtime'] });
  stage = new PromptStage();
  at('08:00');
  await stage.release('1.0.0', TEXT('1.0.0'));
  at('09:00');
  await stage.publish('1.1.0', TEXT('1.1.0'));
  await stage.approve('1.1.0');
  await stage.promote('1.1.0', undefined, false);
  at('10:00');
  await stage.promote('1.1.0');
  at('11:00');
  await stage.registry().rollback({ id: ID, environments: ['production'], reason: 'it is rude', isRevoking: true });
});
afterEach(() => {
  jest.useRealTimers();
  stage.place.remove();
});

const TEXT = (version: string) => `Say hello to everybody, ${version}.`;
const timeOf = (hour: string) => `2026-11-28T${hour}:00.000Z`;
const at = (hour: string) => jest.setSystemTime(new Date(timeOf(hour)));

async function hashOf(version: string): Promise<string> {
  const { bytes } = stage.memory.objects.get(versionObject({ id: ID, version }))!;
  const { source } = JSON.parse(Buffer.from(bytes).toString()) as { source: string };
  return hashesOf(parsePrompt(source, 'file').prompt).templateHash;
}

async function lineOf(version: string, hour: string, changes: object = {}): Promise<string> {
  return JSON.stringify({
    level: 'INFO',
    message: 'bedrock_call',
    timestamp: timeOf(hour),
    service_name: 'chat',
    environment: 'production',
    request_id: 'r-1',
    event: 'bedrock_call',
    prompt_id: ID,
    prompt_version: version,
    template_hash: await hashOf(version),
    ...changes,
  });
}

test('every deployment of every environment is told, the newest first', async () => {
  const { code, out } = await stage.run('history', ID);
  expect(code).toBe(0);
  const heads = out.split('\n').filter(line => /^2026/.test(line));
  expect(heads.map(line => line.slice(11, 16) + line.slice(24))).toEqual([
    '11:00  production 4: 1.0.0  (serves now)',
    '10:00  production 3: 1.1.0',
    '09:00  dev 2: 1.1.0  (serves now)',
    '09:00  staging 2: 1.1.0  (serves now)',
    '09:00  production 2: 1.0.0, and 1.1.0 for 10 %',
    ...['', '', ''].map(() => expect.stringMatching(/^08:00 {2}\w+ 1: 1\.0\.0$/) as string),
  ]);
  expect(out).toContain(`  rolled back: it is rude\n  by arn:aws:iam::000000000000:user/bob\n  1.0.0  template ${await hashOf('1.0.0')}`);
  expect(out).toContain(`  revoked   template ${await hashOf('1.1.0')}`);
  const { deployments } = JSON.parse((await stage.run('history', ID, '--json', '--environment', 'dev')).out) as { deployments: object[] };
  expect(deployments).toEqual([expect.objectContaining({ sequence: 2, environment: 'dev', serves_now: true }), expect.anything()]);
});

test('a forged copy is told, and the others are shown', async () => {
  stage.memory.overwrite(deploymentObject({ environment: 'production', id: ID, sequence: 2 }), '{}');
  const { code, out, told } = await stage.run('history', ID, '--environment', 'production');
  expect([code, out.match(/^2026/gm)!.length]).toEqual([1, 3]);
  expect(told).toContain('the locked copy of deployment 2 in production');
});

test('a log line leads to the version, its approval and its deployment', async () => {
  const { code, out } = await stage.run('history', '--line', await lineOf('1.0.0', '08:30'));
  expect(code).toBe(0);
  expect(out.split('\n')).toEqual([
    'greeting 1.0.0 answered request r-1 of chat at 2026-11-28T08:30:00.000Z',
    `  template hash  ${await hashOf('1.0.0')}`,
    '  published      2026-11-28T08:00:00.000Z by ada',
    '  approved       2026-11-28T08:00:00.000Z by bob as engineer',
    '  in production  since 2026-11-28T08:00:00.000Z by arn:aws:iam::000000000000:user/bob, deployment 1',
  ]);
});

test.each<[string, string, string, object, number, RegExp]>([
  ['a candidate', '1.1.0', '09:30', {}, 0, /deployment 2, as candidate for 10 %/],
  ['a version that a cache served after its time', '1.1.0', '11:04', {}, 0, /deployment 3$/m],
  ['the version after a rollback', '1.0.0', '12:00', {}, 0, /deployment 4$/m],
  ['a version long after its rollback', '1.1.0', '11:06', {}, 1, /error: greeting 1\.1\.0 did not serve/],
  ['a version before its time', '1.1.0', '08:30', {}, 1, /did not serve production/],
  ['a version in another environment', '1.1.0', '11:30', { environment: 'dev' }, 0, /in dev {2}since/],
  ['a forged template hash', '1.0.0', '08:30', { template_hash: 'f'.repeat(64) }, 1, /error: the line says the template hash f{64}/],
  ['a hash of what it cannot have sent', '1.1.0', '09:30', { prompt_hash: 'a'.repeat(64) }, 1, /which has no variables, can only have/],
  ['a version that the code named', '1.0.0', '08:30', { template_hash: undefined }, 0, /note: the line has no template_hash/],
  ['a stream', '1.0.0', '08:30', { event: 'bedrock_stream_ended' }, 0, /deployment 1$/m],
  ['an unknown version', '1.0.0', '08:30', { prompt_version: '9.9.9' }, 1, /The registry has no greeting 9\.9\.9: the line is forged/],
  ['another event', '1.0.0', '08:30', { event: 'bedrock_fallback' }, 2, /its event is "bedrock_fallback"/],
  ['a call without a prompt', '1.0.0', '08:30', { prompt_id: undefined }, 2, /The call had no prompt of the registry/],
  ['no time', '1.0.0', '08:30', { timestamp: '' }, 2, /lacks a timestamp/],
  ['an id that is none', '1.0.0', '08:30', { prompt_id: '../greeting' }, 2, /is no id of a prompt/],
  ['an environment of another registry', '1.0.0', '08:30', { environment: 'prod' }, 2, /"prod" is no environment/],
])('a line with %s', async (_name, version, hour, changes, code, said) => {
  const ran = await stage.run('history', '--line', await lineOf(version, hour, changes));
  expect([ran.code, ran.out + ran.told]).toEqual([code, expect.stringMatching(said)]);
});

test.each<[string, (line: string) => string]>([
  ['as it is', line => line],
  ['after what a tail puts before it', line => `2026-11-28T08:30:00.000Z 2026/11/28/[$LATEST]0 ${line}\n`],
  ['as an event of CloudWatch Logs', line => JSON.stringify({ timestamp: 1, message: line })],
  ['as a row of Logs Insights', line => JSON.stringify({ '@message': line, '@timestamp': 'x' }, null, 2)],
])('a line comes from the standard input %s', async (_name, wrapped) => {
  process.env.PLUMBLINE_PROMPT_REGISTRY = '/Shop/prompt-registry';
  const printed: string[] = [];
  const input = wrapped(await lineOf('1.0.0', '08:30'));
  const print = (text: string) => { printed.push(text); };
  const code = await history(undefined, { line: '-', json: true }, { cwd: '.', print, write: print, tell: print, input: () => input });
  delete process.env.PLUMBLINE_PROMPT_REGISTRY;
  expect([code, JSON.parse(printed.join(''))]).toEqual([0, expect.objectContaining({
    ok: true, promptId: ID, version: '1.0.0', as: 'active', approvals: [expect.objectContaining({ reviewer: 'bob', role: 'engineer' })],
  })]);
});

test('what is no line, and a prompt beside a line, are told', async () => {
  const { code, told } = await stage.run('history', '--line', 'START RequestId');
  expect([code, told]).toEqual([2, expect.stringContaining('The line is no JSON')]);
  expect(await stage.run('history')).toMatchObject({ code: 2, told: 'Name either a prompt, or a log line by --line.' });
  expect(await stage.run('history', 'closing')).toMatchObject({ code: 0, out: 'closing was never deployed.' });
});
