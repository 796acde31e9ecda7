import { execFileSync } from 'child_process';
import { join } from 'path';
import { promptsInFile } from '../../../runtime/node/prompts/local-prompts';
import { Workplace } from '../support/command';

const FRONT = ['id: greeting', 'version: 1.0.0', 'model: amazon.nova-pro-v1:0', 'variables: { name: { sample: Ada, maxLength: 40 } }'];
const greeting = (template = 'Say hello to {{name}}.\n', front: readonly string[] = FRONT): string =>
  `---\n${front.join('\n')}\n---\n${template}`;
const FILE = 'greeting.prompt.md';
// printf '{"messages":[{"role":"user","text":"Say hello to {{name}}.\\n"}],"model":"amazon.nova-pro-v1:0"}' | sha256sum
const TEMPLATE_HASH = '56fd5f6797019319fb36299eb78c9b104a4b631c818384f703c8df0bd8c2559e';
const COMPILED_HASH = '3cc6975fe3900583a650be07674829e860e0921869ef6ab1c4025c42bcad651a';

let place: Workplace;
beforeEach(() => { place = new Workplace(); });
afterEach(() => place.remove());

interface Hashes {
  readonly id: string;
  readonly version: string;
  readonly templateHash: string;
  readonly compiledHash: string;
}

async function hashOf(text: string): Promise<Hashes> {
  place.write(FILE, text);
  const { code, out, told } = await place.run('prompts', 'hash', FILE, '--json');
  expect({ code, told }).toEqual({ code: 0, told: '' });
  return (JSON.parse(out) as Hashes[])[0];
}

describe('prompts export', () => {
  const OTHER = greeting('<!-- system -->\nBe brief, {{name}}.\n<!-- user -->\nHi\n', [...FRONT.slice(1), 'id: closing']);

  test('writes what getPrompt reads, with the hashes of prompts hash', async () => {
    place.write(`prompts/${FILE}`, `\uFEFF${greeting().replace(/\n/g, '\r\n')}`);
    place.write('prompts/closing.prompt.md', OTHER);
    const { code, out, told } = await place.run('prompts', 'export', 'prompts', '--out', 'prompts.json');
    expect({ code, out, told }).toEqual({ code: 0, out: '', told: 'prompts.json: closing 1.0.0, greeting 1.0.0' });
    const read = promptsInFile(join(place.path, 'prompts.json'));
    expect([...read].map(([id, { version }]) => [id, version])).toEqual([['closing', '1.0.0'], ['greeting', '1.0.0']]);
    expect(read.get('greeting')).toMatchObject({ templateHash: TEMPLATE_HASH });
    expect(read.get('closing')!.content.messages.map(({ role }) => role)).toEqual(['system', 'user']);
  });

  test('prints it without --out', async () => {
    place.write(FILE, greeting());
    const { code, out } = await place.run('prompts', 'export', FILE);
    expect({ code, documents: JSON.parse(out) as object[] }).toEqual({
      code: 0, documents: [expect.objectContaining({ id: 'greeting', template_hash: TEMPLATE_HASH, compiled_hash: COMPILED_HASH })],
    });
  });

  test('writes nothing when a file is wrong, or an id is there twice', async () => {
    place.write('prompts.json', 'as it was');
    place.write(`one/${FILE}`, greeting());
    place.write(`two/${FILE}`, greeting());
    const twice = await place.run('prompts', 'export', 'one', 'two', '--out', 'prompts.json');
    expect({ code: twice.code, told: twice.told }).toEqual({ code: 2, told: expect.stringMatching(/two.*greeting is in one.*too/) });
    place.write(`two/${FILE}`, 'no prompt');
    expect((await place.run('prompts', 'export', 'two', '--out', 'prompts.json')).code).toBe(2);
    expect(place.read('prompts.json')).toBe('as it was');
  });
});

describe('prompts hash', () => {
  test('the id, the version and both hashes, which anybody can compute from the canonical JSON', async () => {
    expect(await hashOf(greeting())).toEqual({
      id: 'greeting',
      version: '1.0.0',
      templateHash: TEMPLATE_HASH,
      compiledHash: COMPILED_HASH,
    });
  });

  test.each<[string, (text: string) => string]>([
    ['line ends of Windows', text => text.replace(/\n/g, '\r\n')],
    ['line ends of old Macs', text => text.replace(/\n/g, '\r')],
    ['a byte-order mark', text => `\uFEFF${text}`],
    ['another order of the fields', () => greeting(undefined, [...FRONT].reverse())],
    ['comments and quotes', () => greeting(undefined, ['# who says hello', ...FRONT.map(line => line.replace('1.0.0', '"1.0.0"'))])],
    ['an absent field that is named', () => greeting(undefined, [...FRONT, 'parameters:', 'tools: null', 'cachePoints:'])],
  ])('%s changes no hash', async (_name, changed) => {
    expect(await hashOf(changed(greeting()))).toEqual(await hashOf(greeting()));
  });

  test.each<[string, string]>([
    ['the text', greeting('Say hello to {{name}}!\n')],
    ['a line end at the end', greeting('Say hello to {{name}}.')],
    ['the model', greeting(undefined, FRONT.map(line => line.replace('pro', 'lite')))],
    ['a parameter', greeting(undefined, [...FRONT, 'parameters: { temperature: 0.1 }'])],
    ['a tool', greeting(undefined, [...FRONT, 'tools: [{ toolSpec: { name: t } }]'])],
    ['the schema of the response', greeting(undefined, [...FRONT, 'responseSchema: { type: object }'])],
    ['the guardrail', greeting(undefined, [...FRONT, 'guardrail: { guardrailIdentifier: abc, guardrailVersion: "1" }'])],
    ['a cache point', greeting(undefined, [...FRONT, 'cachePoints: [{ after: 1 }]'])],
  ])('%s changes the template hash', async (_name, text) => {
    expect((await hashOf(text)).templateHash).not.toBe(TEMPLATE_HASH);
  });

  test('a sample changes the compiled hash alone', async () => {
    const { templateHash, compiledHash } = await hashOf(greeting(undefined, FRONT.map(line => line.replace('Ada', 'Eva'))));
    expect([templateHash === TEMPLATE_HASH, compiledHash === COMPILED_HASH]).toEqual([true, false]);
  });

  test('a folder: every prompt in it, by name', async () => {
    place.write('prompts/b.prompt.md', greeting().replace('id: greeting', 'id: b'));
    place.write('prompts/a/c.prompt.md', greeting().replace('id: greeting', 'id: c'));
    place.write('prompts/README.md', '# Prompts');
    const { out } = await place.run('prompts', 'hash', 'prompts', '--json');
    expect((JSON.parse(out) as Hashes[]).map(({ id }) => id)).toEqual(['c', 'b']);
  });

  test('a variable that no text uses is told, and nothing more', async () => {
    place.write(FILE, greeting('Hello.'));
    expect(await place.run('prompts', 'hash', FILE)).toMatchObject({ code: 0, told: `${FILE}: no text uses the variable name.` });
  });

  const EXPLODING = [' - &a [x,x,x,x,x,x,x,x,x,x]', ...[...'bcde'].map((name, index) =>
    ` - &${name} [${Array(10).fill(`*${'abcd'[index]}`).join(',')}]`)];
  const field = (line: string) => greeting(undefined, [...FRONT.filter(other => other.split(':')[0] !== line.split(':')[0]), line]);
  const CLAUDE = 'global.anthropic.claude-sonnet-4-5-20250929-v1:0';
  const caching = (model: string, points: string) => greeting('<!-- user -->\n{{name}}\n'.repeat(5), [
    ...FRONT.filter(line => !line.startsWith('model')), `model: ${model}`, 'tools: [{ toolSpec: { name: t } }]', `cachePoints: ${points}`,
  ]);
  test('cache points that the model takes, or that nobody but Bedrock can judge, are fine', async () => {
    const points = '[{ after: tools, ttl: 1h }, { after: 2, ttl: 1h }, { after: 3 }, { after: 4, ttl: 5m }]';
    const profile = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123def456';
    const [claude, unknown] = [await hashOf(caching(CLAUDE, points)), await hashOf(caching(profile, points))];
    expect(claude.templateHash).not.toBe(unknown.templateHash);
  });

  test.each<[string, string | Buffer, string]>([
    ['no front matter', 'Say hello.', `${FILE}:1: the first line is not ---.`],
    ['a front matter without an end', '---\nid: greeting\n', 'no second line --- ends the front matter'],
    ['what is no YAML', greeting(undefined, ['id: greeting', 'model: [a']), `${FILE}:3: `],
    ['a field twice', greeting(undefined, [...FRONT, 'id: again']), `${FILE}:6: Map keys must be unique`],
    ['a tag of a program', greeting(undefined, [...FRONT, 'parameters: !!python/object:os.system {}']), 'Unresolved tag'],
    ['a list of aliases that explodes', greeting(undefined, [...FRONT, 'tools:', ...EXPLODING]), 'Excessive alias count'],
    ['text in place of fields', greeting(undefined, ['hello']), 'the front matter is no list of names and values'],
    ['a field that is mistyped', field('modle: x'), 'modle is no field of a prompt. Allowed are id, version,'],
    ['no model', greeting(undefined, FRONT.filter(line => !line.startsWith('model'))), 'model is not there.'],
    ['a version that YAML takes for a number', field('version: 1.0'), 'version is 1. It has to be three numbers such as 1.0.0.'],
    ['an id with a capital', field('id: Greeting'), 'id is "Greeting". It has to be lower-case letters'],
    ['another id than the file', field('id: other'), 'the id is other, so the file\'s name has to be other.prompt.md'],
    ['parameters that are a list', field('parameters: [1]'), 'parameters is [1]. It has to be names and values'],
    ['a number too large to be exact', field('parameters: { seed: 12345678901234567890 }'), 'parameters: 12345678901234567000 has no'],
    ['a number that is none', field('parameters: { topP: .nan }'), 'parameters: NaN has no canonical form'],
    ['half of a surrogate pair', field('parameters: { stop: "\\ud800" }'), 'half of a surrogate pair'],
    ['a cache point after nothing', field('cachePoints: [{ after: tools }]'), 'cache point 1 stands after tools, and the'],
    ['a cache point that the model does not take', caching('amazon.titan-text-lite-v1', '[{ after: 1 }]'), 'titan-text-lite-v1 takes none'],
    ['a cache point where the model takes none', caching('us.amazon.nova-pro-v1:0', '[{ after: tools }]'), 'none after tools'],
    ['a ttl that there is not', caching(CLAUDE, '[{ after: 1, ttl: 2h }]'), 'the ttl "2h" is none. Allowed are 5m and 1h'],
    ['a ttl that the model does not take', caching('amazon.nova-pro-v1:0', '[{ after: 1, ttl: 1h }]'), 'takes no ttl of 1h, only 5m'],
    ['a longer ttl after a shorter one', caching(CLAUDE, '[{ after: tools }, { after: 1, ttl: 1h }]'), 'a longer ttl stands after'],
    ['too many cache points', caching(CLAUDE, '[{after: 1}, {after: 2}, {after: 3}, {after: 4}, {after: 5}]'), 'there are 5, and a'],
    ['a variable without a sample', field('variables: { name: { maxLength: 4 } }'), 'the sample of name is not there.'],
    ['a sample that is a number', field('variables: { name: { sample: 7, maxLength: 4 } }'), 'put it in quotes'],
    ['a sample that is too long', field('variables: { name: { sample: 👋👋👋, maxLength: 2 } }'), 'has 3 characters, and its maxLength is 2'],
    ['a maxLength of none', field('variables: { name: { sample: "", maxLength: 0 } }'), 'the maxLength of name is 0'],
    ['a variable that is not declared', greeting('Hi\n{{ nmae }}'), `${FILE}:8: {{nmae}} is not declared`],
    ['a variable that is called as a part of every object', greeting('{{constructor}}'), '{{constructor}} is not declared'],
    ['braces that begin no variable', greeting('{{#if}}'), '{{ begins no variable'],
    ['text before the first message', greeting('Hi\n<!-- user -->\n{{name}}'), '"Hi" stands before the first message'],
    ['bytes that are no UTF-8', Buffer.from([0x2d, 0x2d, 0x2d, 0x0a, 0xff]), 'is no text in UTF-8'],
  ])('refused: %s', async (_name, content, message) => {
    place.writeBytes(FILE, Buffer.from(content as string));
    const { code, out, told } = await place.run('prompts', 'hash', FILE);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(told).toContain(message);
    expect(told).toContain(FILE);
  });

  test('what is wrong with each of several files is told at once', async () => {
    place.write('a.prompt.md', 'x');
    const { told } = await place.run('prompts', 'hash', 'a.prompt.md', 'absent.prompt.md');
    expect(told).toMatch(/a\.prompt\.md:1: [\s\S]*absent\.prompt\.md does not exist\.$/);
  });
});

describe('prompts new', () => {
  test('a prompt whose hash can be taken at once', async () => {
    expect(await place.run('prompts', 'new', 'first', '--model', 'amazon.nova-pro-v1:0')).toMatchObject({ code: 0 });
    expect(await place.run('prompts', 'hash', 'prompts/first.prompt.md')).toMatchObject({ code: 0, told: '' });
  });

  test('never over a file, never under an id that is none', async () => {
    place.write('prompts/first.prompt.md', 'mine');
    expect(await place.run('prompts', 'new', 'first', '--model', 'm'))
      .toMatchObject({ code: 2, told: 'prompts/first.prompt.md exists already.' });
    expect(place.read('prompts/first.prompt.md')).toBe('mine');
    expect(await place.run('prompts', 'new', '../evil', '--model', 'm'))
      .toMatchObject({ code: 2, told: expect.stringContaining('id is "../evil"') });
  });
});

describe('prompts diff', () => {
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: place.path });
  const commit = () => {
    git('add', '.');
    git('commit', '-qm', 'x');
  };
  beforeEach(() => {
    git('init', '-q');
    place.write(`prompts/${FILE}`, greeting());
    place.write('prompts/gone.prompt.md', greeting().replace('id: greeting', 'id: gone'));
    commit();
  });

  test('a new version with other words is fine; what came and what went is told', async () => {
    place.write(`prompts/${FILE}`, greeting('Greet {{name}}.\n').replace('1.0.0', '1.1.0'));
    execFileSync('git', ['rm', '-q', 'prompts/gone.prompt.md'], { cwd: place.path });
    place.write('prompts/came.prompt.md', greeting().replace('id: greeting', 'id: came'));
    const { code, out } = await place.run('prompts', 'diff', '--base', 'HEAD', 'prompts', '--json');
    expect({ code, changes: JSON.parse(out) as unknown }).toEqual({
      code: 0,
      changes: [
        expect.objectContaining({ id: 'came', kind: 'added', version: { new: '1.0.0' } }),
        expect.objectContaining({ id: 'gone', kind: 'removed', version: { old: '1.0.0' } }),
        expect.objectContaining({
          id: 'greeting',
          kind: 'changed',
          version: { old: '1.0.0', new: '1.1.0' },
          changed: ['messages'],
          diff: expect.stringContaining('-Say hello to {{name}}.\n+Greet {{name}}.'),
        }),
      ],
    });
  });

  test('other words under the same version are a finding, in a pull request too', async () => {
    place.write(`prompts/${FILE}`, greeting('Greet {{name}} with ```.\n'));
    const { code, out } = await place.run('prompts', 'diff', '--base', 'HEAD', 'prompts', '--markdown');
    expect(code).toBe(1);
    expect(out).toContain('| `greeting` | changed | 1.0.0 | messages |');
    expect(out).toContain('**messages changed, and the version is still 1.0.0.');
    expect(out).toMatch(/\n````diff\n[\s\S]*\n````\n/);
  });

  test('a pull request is told hashes, values, messages, gates, reviewers and the lines of a content policy', async () => {
    const parameters = 'parameters: { temperature: 0, stop: "a|`b`" }';
    const { templateHash: before } = await hashOf(greeting());
    const now = greeting('Greet {{name}}.\nNever be rude.\n', [...FRONT, parameters]);
    place.write(`prompts/${FILE}`, now.replace('1.0.0', '1.1.0'));
    execFileSync('git', ['rm', '-q', 'prompts/gone.prompt.md'], { cwd: place.path });
    const [{ templateHash: after }] = JSON.parse((await place.run('prompts', 'hash', 'prompts', '--json')).out) as Hashes[];
    const { code, out } = await place.run('prompts', 'diff', '--base', 'HEAD', 'prompts', '--markdown');
    expect(code).toBe(0);
    const [, gone, changed] = out.split(/^### /m);
    expect(gone).not.toMatch(/on the track|content policy/);
    for (const line of [
      `- template hash: \`${before}\` → \`${after}\``,
      '- on the track `standard`: 95 % of the golden set, 100 % of the safety suite, a change of tokens below 10 %; '
        + 'reviewed by `engineer`, `safety_officer`',
      '- on the track `expedited`: 100 % of the safety suite; reviewed by `tech_lead`, `safety_officer`',
      '```diff\n+ user: Never be rude.\n```',
      '| `parameters.temperature` | none | `0` |',
      '| `parameters.stop` | none | ``"a\\|`b`"`` |',
      '-Say hello to {{name}}.\n+Greet {{name}}.\n+Never be rude.',
    ]) expect(changed).toContain(line);
  });

  test('a phrase of one\'s own makes a content policy, in a pull request too', async () => {
    place.write(`prompts/${FILE}`, greeting('Greet {{name}}. No SPOILERS.\n').replace('1.0.0', '1.1.0'));
    const run = async (...more: string[]) => (await place.run('prompts', 'diff', '--base', 'HEAD', 'prompts', '--markdown', ...more)).out;
    expect(await run()).not.toContain('safety_officer`\n- on the track `expedited`');
    const out = await run('--policy-phrase', 'spoilers', 'age rating');
    expect(out).toContain('reviewed by `engineer`, `safety_officer`');
    expect(out).toContain('```diff\n+ user: Greet {{name}}. No SPOILERS.\n```');
  });

  test('without a policy no safety officer is named, and a summary that no comment holds says so', async () => {
    place.write(`prompts/${FILE}`, greeting(`${'Greet {{name}} again.\n'.repeat(4000)}`).replace('1.0.0', '1.1.0'));
    const { out } = await place.run('prompts', 'diff', '--base', 'HEAD', 'prompts', '--markdown');
    expect(out).toContain('reviewed by `engineer`\n');
    expect(out).toMatch(/too long for a comment: see the changed files\.$/);
    expect(out.length).toBeLessThan(65_536);
  });

  test('a version that goes back is a finding', async () => {
    place.write('old.prompt.md', greeting().replace('1.0.0', '1.10.0'));
    place.write('new.prompt.md', greeting().replace('1.0.0', '1.9.0'));
    expect(await place.run('prompts', 'diff', 'old.prompt.md', 'new.prompt.md'))
      .toMatchObject({ code: 1, out: expect.stringContaining('error: the version goes back from 1.10.0 to 1.9.0') });
  });

  test('line ends and comments are no change', async () => {
    place.write(`prompts/${FILE}`, greeting(undefined, ['# note', ...FRONT]).replace(/\n/g, '\r\n'));
    expect(await place.run('prompts', 'diff', '--base', 'HEAD', 'prompts')).toEqual({ code: 0, out: 'No prompt changed.', told: '' });
  });

  test('what was no prompt then counts as new now', async () => {
    place.write(`prompts/${FILE}`, 'broken');
    commit();
    place.write(`prompts/${FILE}`, greeting());
    expect(await place.run('prompts', 'diff', '--base', 'HEAD', 'prompts'))
      .toMatchObject({
        code: 0,
        out: expect.stringContaining('greeting added'),
        told: expect.stringContaining('At HEAD it was no prompt'),
      });
  });

  test.each<[string[], string]>([
    [['--base', 'nowhere', 'prompts'], 'Git knows no revision nowhere here.'],
    [['--base', '--output=x', 'prompts'], 'Git knows no revision --output=x here.'],
    [['prompts/greeting.prompt.md'], 'Name two files'],
    [['prompts/greeting.prompt.md', 'prompts/gone.prompt.md'], 'these are two prompts'],
  ])('refused: %s', async (args, message) => {
    expect(await place.run('prompts', 'diff', ...args)).toMatchObject({ code: 2, told: expect.stringContaining(message) });
  });
});
