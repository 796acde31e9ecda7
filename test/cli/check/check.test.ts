import schema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { App, NestedStack, Stack, Stage, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Workplace } from '../support/command';

const MODEL = 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0';
const DRIFTED = { Statement: [{ Effect: 'Allow', Action: 'bedrock:*', Resource: MODEL }] };
const policy = (document: object = DRIFTED) => ({ Type: 'AWS::IAM::Policy', Properties: { PolicyName: 'p', PolicyDocument: document } });
const FOUND = 'PlumblineChecks-BedrockNoWildcard[Action::bedrock:*]';

let place: Workplace;
beforeEach(() => { place = new Workplace(); });
afterEach(() => place.remove());

interface Report {
  readonly findings: Record<'id' | 'template' | 'resource' | 'path' | 'file', string>[];
}

async function report(...args: string[]): Promise<Report> {
  const { out } = await place.run('check', ...args, '--json');
  return JSON.parse(out) as Report;
}

describe('what it reads', () => {
  test('a template in JSON: what is found, where, and an exit code of 1', async () => {
    place.write('template.json', { Resources: { Policy: policy() } });
    const { code, out } = await place.run('check', 'template.json');
    expect(code).toBe(1);
    expect(out).toContain(`template.json\n  error    ${FOUND}\n           at Policy, line 3\n`);
    expect(out).toContain('1 error, 0 warnings in 1 template with 1 resource');
  });

  test('a sound template ends with 0', async () => {
    place.write('template.json', { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } });
    expect(await place.run('check', 'template.json'))
      .toEqual({ code: 0, out: '0 errors, 0 warnings in 1 template with 1 resource', told: '' });
  });

  test('YAML with short intrinsics', async () => {
    place.write('t.yaml', [
      'Parameters:', '  Action: { Type: String, Default: "bedrock:*" }', 'Resources:', '  Policy:', '    Type: AWS::IAM::Policy',
      '    Properties:', '      PolicyDocument:',
      '        Statement: [{ Effect: Allow, Action: !Ref Action, Resource: !Sub "arn:${AWS::Partition}:s3:::x" }]',
    ].join('\r\n'));
    expect((await report('t.yaml')).findings).toEqual([expect.objectContaining({ id: FOUND, resource: 'Policy', line: 4 })]);
  });

  test('SAM, with what its globals give to a function', async () => {
    place.write('sam.yaml', [
      'Transform: AWS::Serverless-2016-10-31', 'Globals: { Function: { Runtime: nodejs22.x } }', 'Resources:', '  Fn:',
      '    Type: AWS::Serverless::Function', '    Properties:', '      Policies: [AmazonBedrockFullAccess]',
    ].join('\n'));
    expect((await report('sam.yaml')).findings.map(({ id }) => id)).toContain('PlumblineChecks-BedrockNoFullAccessPolicy');
  });

  test('nested stacks whose templates are files beside it: what the parent gives counts', async () => {
    const statement = { Effect: 'Allow', Action: { Ref: 'A' }, Resource: '*' };
    const child = { Parameters: { A: { Type: 'String' } }, Resources: { Policy: policy({ Statement: statement }) } };
    const nested = { TemplateURL: './nested/child.json', Parameters: { A: 'bedrock:*' } };
    place.write('parent.json', { Resources: { Child: { Type: 'AWS::CloudFormation::Stack', Properties: nested } } });
    place.write('nested/child.json', child);
    expect((await report('parent.json')).findings).toContainEqual(expect.objectContaining({ id: FOUND, template: 'nested/child.json' }));
    expect((await report('nested/child.json')).findings).toEqual([]);
  });

  test('a template that nests itself is read once', async () => {
    const itself = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 't.json' } };
    place.write('t.json', { Resources: { Self: itself, Policy: policy() } });
    expect((await report('t.json', './t.json')).findings).toHaveLength(1);
  });

  test('a folder: its templates, and nothing else', async () => {
    place.write('app/one.template', { Resources: { Policy: policy() } });
    place.write('app/sub/two.yml', 'Resources: { Topic: { Type: "AWS::SNS::Topic" } }');
    place.write('app/package.json', { name: 'x' });
    place.write('app/node_modules/x/three.json', { Resources: { Policy: policy() } });
    expect((await report('app')).findings.map(({ template }) => template)).toEqual(['app/one.template']);
  });

  test('a cloud assembly: stages, nested stacks, the paths of constructs, and what is acknowledged in the app', async () => {
    const app = new App({ outdir: `${place.path}/cdk.out` });
    const stack = new Stack(new Stage(app, 'Prod'), 'Chat', { stackName: 'chat-prod' });
    const roleIn = (scope: Construct) => {
      const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
      role.addToPolicy(new PolicyStatement({ actions: ['bedrock:*'], resources: ['arn:aws:s3:::x'] }));
      return role;
    };
    roleIn(stack);
    roleIn(new NestedStack(stack, 'Inner'));
    Validations.of(roleIn(new Construct(stack, 'Legacy'))).acknowledge({ id: FOUND, reason: 'goes in March' });
    app.synth();
    const found = await report('cdk.out');
    expect(found.findings.map(({ id, path, template }) => ({ id, path, template }))).toEqual([
      { id: FOUND, path: 'Prod/Chat/Role/DefaultPolicy/Resource', template: 'Prod/Chat' },
      { id: FOUND, path: 'Prod/Chat/Inner/Role/DefaultPolicy/Resource', template: 'Prod/Chat/Inner' },
    ]);
    expect(found.findings[0].file).toMatch(/^cdk\.out\/assembly-Prod\/ProdChat\w*\.template\.json$/);
  });
});

describe('the baseline', () => {
  const write = (resources: object) => place.write('t.json', { Resources: resources });
  const known = () => (JSON.parse(place.read('plumbline-baseline.json')) as { findings: object[] }).findings;

  test('what was there warns no more, what is new fails, what is mended can leave', async () => {
    write({ Old: policy(), Going: policy() });
    expect(await place.run('check', 't.json', '--write-baseline')).toMatchObject({
      code: 0, told: 'plumbline-baseline.json knows 2 findings now: they warn, and what is new fails.',
    });
    expect(JSON.parse(place.read('plumbline-baseline.json'))).toEqual({
      version: 1, findings: ['Going', 'Old'].map(resource => ({ id: FOUND, template: 't.json', resource })),
    });
    expect((await place.run('check', 't.json')).code).toBe(0);

    write({ Old: policy(), New: policy() });
    const { code, out } = await place.run('check', 't.json');
    expect(code).toBe(1);
    expect(out).toContain('at New, line');
    expect(out).not.toContain('at Old, line');
    expect(out).toContain(`mended   ${FOUND} at Going in t.json: no more found`);

    expect((await place.run('check', 't.json', '--prune-baseline')).code).toBe(1);
    expect(known()).toEqual([expect.objectContaining({ resource: 'Old' })]);
  });

  test('another finding in the same resource is new', async () => {
    write({ Old: policy() });
    await place.run('check', 't.json', '--write-baseline');
    write({ Old: policy({ Statement: [...DRIFTED.Statement, { Effect: 'Allow', Action: 'bedrock:Invoke*', Resource: 'x' }] }) });
    expect((await report('t.json')).findings).toMatchObject([{ id: 'PlumblineChecks-BedrockNoWildcard[Action::bedrock:Invoke*]' }]);
  });

  test('templates that are not looked at keep their entries', async () => {
    write({ Old: policy() });
    place.write('other.json', { Resources: { Other: policy() } });
    await place.run('check', 't.json', 'other.json', '--write-baseline');
    await place.run('check', 't.json', '--prune-baseline');
    expect(known()).toHaveLength(2);
  });

  test('a file that is none, or none where one is named, ends with 2 and the way out', async () => {
    write({ Old: policy() });
    const absent = await place.run('check', 't.json', '--baseline', 'no.json');
    expect(absent).toMatchObject({ code: 2, told: expect.stringContaining('--write-baseline') });
    place.write('plumbline-baseline.json', '{ "version": 1, "fin');
    const broken = await place.run('check', 't.json');
    expect(broken).toMatchObject({ code: 2, told: expect.stringContaining('no baseline of this version') });
    await place.run('check', 't.json', '--write-baseline');
    expect((await place.run('check', 't.json')).code).toBe(0);
  });
});

test('SARIF: every finding with its rule, file, line and fingerprint, and the report keeps to its schema', async () => {
  place.write('a folder/t.json', { Resources: { Old: policy() } });
  await place.run('check', 'a folder', '--write-baseline');
  place.write('a folder/t.json', { Resources: { Old: policy(), New: policy() } });
  expect((await place.run('check', 'a folder', '--sarif', 'out.sarif')).code).toBe(1);
  const log = JSON.parse(place.read('out.sarif'));
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats(ajv);
  const validate = ajv.compile({ ...schema, id: undefined, $schema: undefined });
  expect([validate(log), validate.errors]).toEqual([true, null]);
  const [{ results, tool }] = log.runs;
  expect(results.map(({ level, suppressions = [] }: { level: string; suppressions?: object[] }) => [level, suppressions.length]))
    .toEqual([['error', 0], ['error', 1]]);
  expect(tool.driver.rules[results[0].ruleIndex].id).toBe('BedrockNoWildcard');
  expect(results[0].locations[0].physicalLocation).toEqual({
    artifactLocation: { uri: 'a%20folder/t.json', uriBaseId: 'ROOT' }, region: { startLine: expect.any(Number) },
  });
  expect(new Set(results.map((result: { partialFingerprints: object }) => JSON.stringify(result.partialFingerprints))).size).toBe(2);
});

describe('what cannot be run ends with 2 and one line that says why', () => {
  test.each<[what: string, args: string[], told: RegExp]>([
    ['no path', ['check'], /missing required argument 'path'/],
    ['a path that does not exist', ['check', 'absent'], /absent does not exist/],
    ['a file without a template', ['check', 'readme.json'], /readme\.json holds no CloudFormation template/],
    ['a file that is no text of a template', ['check', 'broken.yaml'], /broken\.yaml is neither JSON nor YAML/],
    ['an unknown option', ['check', 't.json', '--jsn'], /unknown option '--jsn'/],
    ['an unknown command', ['chek'], /unknown command 'chek'/],
    ['a report into a folder that is none', ['check', 't.json', '--sarif', 'absent/out.sarif'], /out\.sarif cannot be written/],
  ])('%s', async (_what, args, told) => {
    place.write('t.json', { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } });
    place.write('readme.json', { name: 'x' });
    place.write('broken.yaml', 'A: [1\nB: }');
    const result = await place.run(...args);
    expect(result.code).toBe(2);
    expect(result.told).toMatch(told);
  });

  test('help is no fault, and has examples', async () => {
    const help = await place.run('check', '--help');
    expect(help).toMatchObject({ code: 0, out: expect.stringContaining('plumbline check cdk.out --write-baseline') });
    expect((await place.run('--version')).code).toBe(0);
  });
});
