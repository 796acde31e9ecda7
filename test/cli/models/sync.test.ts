import { spawn } from 'child_process';
import { readdirSync } from 'fs';
import { bundleCli } from '../../../build-tools/bundle/cli';
import { ModelsFile } from '../../../src/contract/models-file';
import { compile, errorsOf, load } from '../../contract/support/contract-files';
import { BedrockApi, RegionAnswers } from '../support/bedrock-api';
import { Workplace } from '../support/command';

const FILE = 'plumbline.models.json';
const arns = (model: string, ...regions: string[]) => regions.map(region => `arn:aws:bedrock:${region}::foundation-model/${model}`);
const NOVA = 'amazon.nova-lite-v1:0';
const SONNET = 'anthropic.claude-sonnet-4-6';

const US: RegionAnswers = {
  models: [
    { id: 'amazon.nova-pro-v1:0' },
    { id: NOVA },
    {
      id: 'acme.elder-v1:0',
      lifecycle: {
        status: 'LEGACY',
        legacyTime: '2026-03-10T12:00:00Z',
        publicExtendedAccessTime: '2026-07-01T00:00:00Z',
        endOfLifeTime: '2026-09-10T00:00:00Z',
      },
    },
  ],
  profiles: [
    { id: `us.${NOVA}`, arns: arns(NOVA, 'us-west-2', 'us-east-1', 'us-east-2') },
    { id: `global.${SONNET}`, arns: arns(SONNET, 'us-east-1', '') },
    { id: `us.${SONNET}`, arns: arns(SONNET, 'us-east-1', 'ca-west-1', 'us-west-2') },
  ],
};
const EU: RegionAnswers = { models: [{ id: NOVA }], profiles: [] };

let place: Workplace;
let api: BedrockApi;
const before = { ...process.env };
beforeEach(async () => {
  place = new Workplace();
  api = await new BedrockApi({ 'us-east-1': US, 'eu-west-1': EU }).start();
  for (const key of Object.keys(process.env)) if (key.startsWith('AWS_')) delete process.env[key];
  Object.assign(process.env, api.environment);
});
afterEach(async () => {
  await api.stop();
  process.env = { ...before };
  place.remove();
});

const sync = (...args: string[]) => place.run('models', 'sync', ...args);
const today = () => new Date().toISOString().slice(0, 10);

describe('what it writes', () => {
  test('every page, sorted, dated, with one line a model and a profile', async () => {
    const day = today();
    const { code, out, told } = await sync('--region', 'us-east-1');
    expect({ code, out, told }).toEqual({
      code: 0,
      out: `us-east-1: new in ${FILE}\n${FILE} is written. It belongs in Git: synth reads it.`,
      told: 'us-east-1: 3 models, 3 inference profiles',
    });
    expect(place.read(FILE).replaceAll(today(), day)).toBe(`{
  "version": 1,
  "regions": {
    "us-east-1": {
      "account": "123456789012",
      "syncedOn": "${day}",
      "models": {
        "acme.elder-v1:0": { "status": "LEGACY", "legacy": "2026-03-10", "extendedAccess": "2026-07-01", "endOfLife": "2026-09-10" },
        "${NOVA}": { "status": "ACTIVE" },
        "amazon.nova-pro-v1:0": { "status": "ACTIVE" }
      },
      "profiles": {
        "global.${SONNET}": ["us-east-1"],
        "us.${NOVA}": ["us-east-1", "us-east-2", "us-west-2"],
        "us.${SONNET}": ["ca-west-1", "us-east-1", "us-west-2"]
      }
    }
  }
}
`);
    expect(api.asked).toEqual(['us-east-1 ListInferenceProfiles', 'us-east-1 ListInferenceProfiles', 'us-east-1 ListFoundationModels']);
    expect(errorsOf(compile(load('models-file.schema.json')), JSON.parse(place.read(FILE)))).toEqual([]);
  });

  test('a profile of which the list does not tell where it leads is asked itself', async () => {
    api.isTerse = true;
    await sync('--region', 'us-east-1');
    expect(api.asked.filter(operation => operation.endsWith('GetInferenceProfile'))).toHaveLength(3);
    const { profiles } = ModelsFile.parse(place.read(FILE), FILE).tryRegion('us-east-1')!;
    expect(profiles[`us.${NOVA}`]).toEqual(['us-east-1', 'us-east-2', 'us-west-2']);
  });

  test.each([
    ['named together', [['--region', 'us-east-1', 'eu-west-1']]],
    ['named apart', [['--region', 'us-east-1', '--region', 'eu-west-1']]],
    ['with a comma', [['--region', 'us-east-1,eu-west-1']]],
    ['asked one after the other, the other kept', [['--region', 'us-east-1'], ['--region', 'eu-west-1']]],
    ['those of the file, when none is named', [['--region', 'us-east-1', 'eu-west-1'], []]],
  ])('several Regions: %s', async (_how, runs) => {
    for (const args of runs) expect((await sync(...args)).code).toBe(0);
    expect(ModelsFile.parse(place.read(FILE), FILE).regions).toEqual(['eu-west-1', 'us-east-1']);
  });

  test('without a file and a name, the Region of the environment', async () => {
    process.env.AWS_REGION = 'eu-west-1';
    await sync();
    expect(ModelsFile.parse(place.read(FILE), FILE).regions).toEqual(['eu-west-1']);
  });

  test('what changed is told, and in JSON for programs', async () => {
    await sync('--region', 'us-east-1');
    api.regions = {
      'us-east-1': {
        models: [{ id: NOVA, lifecycle: { status: 'LEGACY', endOfLifeTime: '2027-01-01T00:00:00Z' } }, { id: 'amazon.nova-pro-v1:0' }],
        profiles: [...US.profiles.slice(1), { id: `us.${NOVA}`, arns: arns(NOVA, 'us-east-1') }],
      },
    };
    const checked = await sync('--check', '--json');
    const { out } = await sync();
    expect(out).toBe([
      'us-east-1:',
      '  - acme.elder-v1:0: LEGACY, legacy on 2026-03-10, extended access on 2026-07-01, end of life on 2026-09-10',
      `  ~ ${NOVA}: ACTIVE → LEGACY, end of life on 2027-01-01`,
      `  ~ us.${NOVA}: us-east-1, us-east-2, us-west-2 → us-east-1`,
      `${FILE} is written. It belongs in Git: synth reads it.`,
    ].join('\n'));
    expect(checked.code).toBe(1);
    expect(JSON.parse(checked.out)).toMatchObject({
      file: FILE,
      written: false,
      regions: [{ region: 'us-east-1', account: '123456789012', models: 2, profiles: 3, changes: { length: 3 } }],
    });
  });
});

describe('--check', () => {
  test('0 and an untouched file when the account says the same, 1 when the file lacks the Region', async () => {
    await sync('--region', 'us-east-1');
    const text = place.read(FILE).replace(/"syncedOn": "[^"]+"/, '"syncedOn": "2026-01-01"');
    place.write(FILE, text);
    expect(await sync('--check')).toMatchObject({ code: 0, out: `us-east-1: nothing changed\n${FILE} says what the account says.` });
    expect(await sync('--check', '--region', 'eu-west-1')).toMatchObject({ code: 1, out: expect.stringContaining(`${FILE} is stale`) });
    expect(place.read(FILE)).toBe(text);
  });
});

describe('what stops it leaves the old file as it is, and names what to do', () => {
  const THROTTLED = { status: 429, type: 'ThrottlingException', message: 'Rate exceeded' };

  test('throttling is waited out', async () => {
    api.trouble = ({ operation, count }) => (operation === 'ListFoundationModels' && count < 3 ? THROTTLED : undefined);
    expect((await sync('--region', 'us-east-1')).code).toBe(0);
    expect(api.asked.filter(operation => operation.endsWith('ListFoundationModels'))).toHaveLength(3);
  });

  test.each<[string, BedrockApi['trouble'], RegExp]>([
    [
      'no right',
      ({ operation }) => (operation === 'ListFoundationModels'
        ? { status: 403, type: 'AccessDeniedException', message: 'User: x is not authorized' } : undefined),
      /eu-west-1: ListFoundationModels failed with AccessDeniedException: User: x.*\nAllow bedrock:ListFoundationModels to these/,
    ],
    [
      'a page in the middle that fails',
      ({ operation, count }) => (operation === 'ListInferenceProfiles' && count === 2
        ? { status: 400, type: 'ValidationException', message: 'Bad token' } : undefined),
      /^us-east-1: ListInferenceProfiles failed with ValidationException: Bad token$/m,
    ],
    [
      'the second Region, where the account may not be used',
      ({ region }) => (region === 'us-east-1'
        ? { status: 403, type: 'UnrecognizedClientException', message: 'The token is invalid.' } : undefined),
      /eu-west-1: 1 models, 0 inference profiles\nus-east-1: .*\n.* enable us-east-1 in the account/,
    ],
  ])('%s', async (_what, trouble, message) => {
    place.write(FILE, new ModelsFile(new Map([['us-west-2', { syncedOn: '2026-01-01', models: {}, profiles: {} }]])).toText());
    const old = place.read(FILE);
    api.trouble = trouble;
    expect(await sync('--region', 'eu-west-1', 'us-east-1')).toMatchObject({ code: 2, out: '', told: expect.stringMatching(message) });
    expect(place.read(FILE)).toBe(old);
    expect(readdirSync(place.path)).toEqual([FILE]);
  });

  test('pages without an end', async () => {
    api.regions = { 'us-east-1': { ...US, profiles: Array.from({ length: 3 }, () => US.profiles[0]) } };
    api.isEndless = true;
    expect(await sync('--region', 'us-east-1')).toMatchObject({ code: 2, told: expect.stringContaining('one page again and again') });
  });

  test('no credentials', async () => {
    delete process.env.AWS_ACCESS_KEY_ID;
    const { code, told } = await sync('--region', 'us-east-1');
    expect({ code, told }).toEqual({ code: 2, told: expect.stringMatching(/CredentialsProviderError.*\nLog in/) });
  });

  test.each([
    ['half written', /(?<=^.{200}).*/s, '', /\[plumbline\.models\.json, line 8] The file is no JSON: /],
    ['with the conflict of a merge', /^ {6}"models"/m, '<<<<<<< HEAD\n      "models"', /line 7] .*a merge left its conflict there/],
    ['of a newer version', '"version": 1', '"version": 2', /written by a newer version of cdk-plumbline/],
    ['without a day', /"syncedOn": "[^"]+"/, '"syncedOn": "soon"', /line 6] .*is not a day/],
  ])('a file that is %s', async (_what, part, broken, message) => {
    await sync('--region', 'us-east-1');
    const text = place.read(FILE).replace(part, broken);
    place.write(FILE, text);
    expect(await sync('--region', 'eu-west-1')).toMatchObject({ code: 2, told: expect.stringMatching(message) });
    expect(place.read(FILE)).toBe(text);
  });

  test.each([
    ['a Region that is none', ['--region', 'Frankfurt'], /"Frankfurt" is no Region/],
    ['no Region at all', [], /No Region is named/],
    ['a folder that is not there', ['--region', 'eu-west-1', '--file', 'absent/models.json'], /models\.json cannot be written/],
  ])('%s', async (_what, args, message) => {
    expect(await sync(...args)).toMatchObject({ code: 2, told: expect.stringMatching(message) });
  });
});

test('two that write at once for different Regions keep what both say', async () => {
  await Promise.all([sync('--region', 'us-east-1'), sync('--region', 'eu-west-1')]);
  expect(ModelsFile.parse(place.read(FILE), FILE).regions).toEqual(['eu-west-1', 'us-east-1']);
});

test('the bundle carries what finds credentials: those of a profile, here from a program', async () => {
  await bundleCli(`${place.path}/bin/plumbline.js`);
  place.write('config', '[profile audit]\nregion = eu-west-1\ncredential_process = node credentials.js\n');
  place.write('credentials.js', 'console.log(JSON.stringify({ Version: 1, AccessKeyId: "AKIDPROCESS", SecretAccessKey: "s" }))');
  const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _key, ...environment } = api.environment;
  const env = { PATH: process.env.PATH, ...environment, AWS_CONFIG_FILE: `${place.path}/config` };
  const child = spawn(process.execPath, ['bin/plumbline.js', 'models', 'sync', '--profile', 'audit'], { cwd: place.path, env });
  const told: string[] = [];
  child.stderr.on('data', (data: Buffer) => told.push(String(data)));
  const code = await new Promise(resolve => { child.on('close', resolve); });
  expect({ code, told: told.join('') }).toEqual({ code: 0, told: 'eu-west-1: 1 models, 0 inference profiles\n' });
});
