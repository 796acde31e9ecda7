import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { FoundationModelIdentifier } from 'aws-cdk-lib/aws-bedrock';
import { Role } from 'aws-cdk-lib/aws-iam';
import { BedrockGrants, BedrockPermissions, BedrockTaskRole } from '../../src';
import { rolePolicies } from './support/role-policies';
import { ACCOUNT } from './support/simulation';
import { isKnownModel } from '../../src/contract/known-models';
import { ModelsFile, RegionModels } from '../../src/contract/models-file';

const HAIKU = 'anthropic.claude-haiku-4-5-20251001-v1:0';
const FILE = 'plumbline.models.json';
const ACTIVE = { status: 'ACTIVE' };

const place = mkdtempSync(join(tmpdir(), 'plumbline-models-'));
const home = process.cwd();
beforeEach(() => process.chdir(place));
afterEach(() => {
  process.chdir(home);
  rmSync(join(place, FILE), { force: true });
});
afterAll(() => rmSync(place, { recursive: true }));

const region = (said: Partial<RegionModels>): RegionModels =>
  ({ syncedOn: '2026-11-01', models: { [HAIKU]: ACTIVE }, profiles: {}, ...said });
const write = (regions: Record<string, RegionModels>, file = FILE): void =>
  writeFileSync(join(place, file), new ModelsFile(new Map(Object.entries(regions))).toText());

function stackIn(where: string | undefined, context: Record<string, unknown> = {}): Stack {
  const app = new App();
  for (const [key, value] of Object.entries({ 'cdk-plumbline:today': '2026-11-28', ...context })) app.node.setContext(key, value);
  return new Stack(app, 'Stack', where ? { env: { region: where, account: ACCOUNT } } : {});
}

const warningsOf = (stack: Stack): string[] =>
  Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data));

function warnings(stack: Stack, permissions: BedrockPermissions): string[] {
  new BedrockTaskRole(stack, 'Role', permissions);
  return warningsOf(stack);
}

function destinations(stack: Stack, permissions: BedrockPermissions): unknown {
  const [{ Statement }] = rolePolicies(new BedrockTaskRole(stack, 'Role', permissions));
  return Statement.find(({ Sid }) => Sid === 'BedrockInvokeThroughProfile')!.Resource;
}
const models = (...regions: string[]) => regions.map(one => `arn:aws:bedrock:${one}::foundation-model/${HAIKU}`);

describe('destination Regions', () => {
  const said = { 'us-east-1': region({ profiles: { [`us.${HAIKU}`]: ['ca-west-1', 'us-east-1'] } }) };

  test('are those that the account says, for the Region that it was asked for', () => {
    write(said);
    expect(destinations(stackIn('us-east-1'), { allowedModels: [`us.${HAIKU}`] })).toEqual(models('us-east-1', 'ca-west-1'));
    expect(destinations(stackIn('us-west-2'), { allowedModels: [`us.${HAIKU}`] })).toEqual(models('us-west-2', 'us-east-1', 'us-east-2'));
  });

  test('of an application inference profile are those of what it was made of', () => {
    write(said);
    const profile = `arn:aws:bedrock:us-east-1:${ACCOUNT}:application-inference-profile/abcdefghijkl`;
    const inferenceProfiles = [{ profile, model: `us.${HAIKU}` }];
    expect(destinations(stackIn('us-east-1'), { allowedModels: [profile], inferenceProfiles })).toEqual(models('us-east-1', 'ca-west-1'));
  });

  test('are overruled by the role\'s own', () => {
    write(said);
    const inferenceProfiles = [{ profile: `us.${HAIKU}`, destinationRegions: ['us-west-1'] }];
    const permissions = { allowedModels: [`us.${HAIKU}`], inferenceProfiles };
    expect(destinations(stackIn('us-east-1'), permissions)).toEqual(models('us-east-1', 'us-west-1'));
  });

  test('a Region from which the library\'s table knows no profile is open where the account lists it', () => {
    const permissions = { allowedModels: [`us.${HAIKU}`] };
    expect(() => new BedrockTaskRole(stackIn('sa-east-1'), 'Role', permissions)).toThrow('the profile cannot be called from sa-east-1');
    write({ 'sa-east-1': region({ profiles: { [`us.${HAIKU}`]: ['us-east-1'] } }) });
    expect(destinations(stackIn('sa-east-1'), permissions)).toEqual(models('sa-east-1', 'us-east-1'));
  });

  describe('of a geography that is newer than the library', () => {
    const permissions = { allowedModels: [`kr.${HAIKU}`] };
    beforeEach(() => write({ 'ap-northeast-2': region({ profiles: { [`kr.${HAIKU}`]: ['ap-northeast-2', 'ap-northeast-4'] } }) }));

    test('are those that the account says, with a fixed Region and without', () => {
      expect(destinations(stackIn('ap-northeast-2'), permissions)).toEqual(models('ap-northeast-2', 'ap-northeast-4'));
      expect(JSON.stringify(destinations(stackIn(undefined), permissions))).toContain('ap-northeast-4');
    });

    test('elsewhere the profile is an error that says where it is', () => {
      expect(() => new BedrockTaskRole(stackIn('us-east-1'), 'Role', permissions))
        .toThrow(/cannot be called from us-east-1[^]*from ap-northeast-2/);
    });

    test('and so it is without the file, with the command that asks the account', () => {
      expect(() => new BedrockTaskRole(stackIn('ap-northeast-2', { 'cdk-plumbline:modelsFile': false }), 'Role', permissions))
        .toThrow(/unknown geography[^]*plumbline models sync/);
    });
  });
});

describe('the age of a model', () => {
  const OLD = 'anthropic.claude-3-haiku-20240307-v1:0';
  const aged = (state: object) => ({ 'us-east-1': region({ models: { [OLD]: { status: 'LEGACY', ...state } } }) });

  test('is what the account says, where it was asked: later than the library\'s table', () => {
    write(aged({ legacy: '2026-03-10', extendedAccess: '2026-10-01', endOfLife: '2027-03-10' }));
    expect(warnings(stackIn('us-east-1'), { allowedModels: [OLD] })).toEqual([
      `AWS calls the model "${OLD}" legacy in us-east-1, asks a higher price from 2026-10-01, and ends it on 2027-03-10: ` +
        `take its successor "${HAIKU}", by its inference profile where it has one, or name it in keepAfterEndOfLife. ` +
        '[ack: cdk-plumbline:legacyModel]',
    ]);
    expect(() => new BedrockTaskRole(stackIn('us-west-2'), 'Role', { allowedModels: [OLD] })).toThrow('AWS ended the model in us-west-2');
  });

  test('or earlier, and of a model that the table does not know', () => {
    write({ 'us-east-1': region({ models: { 'acme.elder-v1:0': { status: 'LEGACY', endOfLife: '2026-11-28' } } }) });
    expect(() => new BedrockTaskRole(stackIn('us-east-1'), 'Role', { allowedModels: ['acme.elder-v1:0'] }))
      .toThrow('AWS ended the model in us-east-1 on 2026-11-28');
  });

  test('is legacy from the day of the answer, where it names none; one that is active again gets no warning', () => {
    write(aged({}));
    expect(warnings(stackIn('us-east-1'), { allowedModels: [OLD] })).toEqual([expect.stringMatching(/legacy in us-east-1: take its/)]);
    write({ 'us-east-1': region({ models: { [OLD]: ACTIVE } }) });
    expect(warnings(stackIn('us-east-1'), { allowedModels: [`${OLD}:200k`] })).toEqual([]);
  });
});

describe('a model that nothing knows', () => {
  const unknown = /^Neither the library nor .* knows the model "(us\.)?acme\.chat-v1:0".* sync --region (us-east-1|<region>)\. \[ack/;

  test.each([
    ['named itself', 'us-east-1', 'acme.chat-v1:0'],
    ['by a profile', 'us-east-1', 'us.acme.chat-v1:0'],
    ['in a stack without a fixed Region', undefined, 'acme.chat-v1:0'],
  ])('%s is a warning that names the command', (_how, where, name) => {
    expect(warnings(stackIn(where), { allowedModels: [name] })).toEqual([expect.stringMatching(unknown)]);
  });

  test('is known when the account lists it, with a fixed Region and without', () => {
    write({ 'us-east-1': region({ models: { 'acme.chat-v1:0': ACTIVE }, profiles: { 'us.acme.chat-v1:0': ['us-east-1'] } }) });
    for (const where of ['us-east-1', undefined]) {
      expect(warnings(stackIn(where), { allowedModels: ['acme.chat-v1:0', 'us.acme.chat-v1:0'] })).toEqual([]);
    }
  });

  test('and one that the account does not list in the Region that it was asked for, though it exists', () => {
    write({ 'us-east-1': region({}) });
    expect(warnings(stackIn('us-east-1'), { allowedModels: [HAIKU, `global.${HAIKU}`, 'amazon.nova-lite-v1:0:300k'] })).toEqual([
      expect.stringMatching(/does not list the model "global\..*" in us-east-1, as of 2026-11-01.* sync --region us-east-1/),
      expect.stringContaining('does not list the model "amazon.nova-lite-v1:0:300k"'),
    ]);
  });

  test('in a grant to a role that exists', () => {
    const stack = stackIn('us-east-1');
    BedrockGrants.grantInvoke(Role.fromRoleName(stack, 'Old', 'old'), ['acme.chat-v1:0']);
    expect(warningsOf(stack)).toEqual([expect.stringMatching(unknown)]);
  });

  test('the CDK\'s own list is known', () => {
    const listed = Object.values(FoundationModelIdentifier).filter(value => value instanceof FoundationModelIdentifier);
    expect(listed.length).toBeGreaterThan(100);
    expect(listed.map(({ modelId }) => modelId).filter(id => !isKnownModel(id))).toEqual([]);
  });
});

describe('the file', () => {
  const role = (stack: Stack) => new BedrockTaskRole(stack, 'Role', { allowedModels: [`us.${HAIKU}`] });

  test('that was not asked for long is one warning a stack', () => {
    write({ 'us-east-1': region({ syncedOn: '2026-08-29', profiles: { [`us.${HAIKU}`]: ['us-east-1'] } }) });
    const stack = stackIn('us-east-1');
    role(stack);
    new BedrockTaskRole(stack, 'Second', { allowedModels: [`us.${HAIKU}`] });
    expect(warningsOf(stack)).toEqual([expect.stringMatching(/models of us-east-1 on 2026-08-29, more than 90 days ago: plumbline/)]);
    write({ 'us-east-1': region({ syncedOn: '2026-08-30', profiles: { [`us.${HAIKU}`]: ['us-east-1'] } }) });
    const fresh = stackIn('us-east-1');
    role(fresh);
    expect(warningsOf(fresh)).toEqual([]);
  });

  test('can be another one, or none', () => {
    write({ 'us-east-1': region({ profiles: { [`us.${HAIKU}`]: ['us-west-1'] } }) }, 'other.json');
    const permissions = { allowedModels: [`us.${HAIKU}`] };
    const withFile = (file: string) => destinations(stackIn('us-east-1', { 'cdk-plumbline:modelsFile': file }), permissions);
    expect(withFile('other.json')).toEqual(models('us-east-1', 'us-west-1'));
    expect(withFile('false')).toHaveLength(3);
  });

  test('is read once an app, and anew by the next one', () => {
    write({ 'us-east-1': region({ profiles: { [`us.${HAIKU}`]: ['us-west-1'] } }) });
    const stack = stackIn('us-east-1');
    role(stack);
    writeFileSync(join(place, FILE), 'broken');
    expect(() => new BedrockTaskRole(stack, 'Second', { allowedModels: [`us.${HAIKU}`] })).not.toThrow();
    expect(() => role(stackIn('us-east-1'))).toThrow('[plumbline.models.json, line 1] The file is no JSON: no JSON begins with broken.');
  });

  test.each([
    ['half written', '{\n  "version": 1,\n  "regions": {\n    "us-east-1": {', 'line 4] The file is no JSON: the file ends where'],
    ['of a newer version', '{ "version": 2 }', 'The file was written by a newer version of cdk-plumbline'],
    ['with another key', '{ "version": 1, "regions": {}, "regoins": {} }', '"regoins" stands in the file, and nothing reads it'],
  ])('that is %s is an error that teaches', (_what, text, message) => {
    writeFileSync(join(place, FILE), text);
    expect(() => role(stackIn('us-east-1'))).toThrow(message);
  });

  test.each([
    ['no path', 7, 'is no file'],
    ['a file that is not there', 'absent.json', 'does not exist'],
  ])('a context value that is %s is an error', (_what, given, message) => {
    expect(() => role(stackIn('us-east-1', { 'cdk-plumbline:modelsFile': given }))).toThrow(message);
  });
});
