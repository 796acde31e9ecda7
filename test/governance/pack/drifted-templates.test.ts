import { allow, MODEL, TemplateCase, templates } from './support/written-templates';
import { CHECK_RULES } from '../../../src/governance/pack/check-rules';
import { findingsIn } from '../../../src/governance/pack/findings';
import { AppModel } from '../../../src/governance/pack/template/app-model';
import { TemplateFile, templatesOfFiles } from '../../../src/governance/pack/template/template';

function foundIn(files: TemplateFile[]): string[] {
  const all = templatesOfFiles(files);
  return findingsIn(all.flatMap(({ resources }) => resources), new AppModel(all)).map(({ rule }) => rule.name);
}

const isFound = ({ files }: TemplateCase): boolean => foundIn(files).includes('BedrockNoWildcard');

const drifted = templates('drifted');
const clean = templates('clean');

test(`each of ${drifted.length} drifted templates is found`, () => {
  expect(drifted.length).toBeGreaterThanOrEqual(150);
  expect(drifted.filter(one => !isFound(one)).map(({ name }) => name)).toEqual([]);
});

test(`none of ${clean.length} clean templates is flagged`, () => {
  expect(clean.length).toBeGreaterThanOrEqual(60);
  expect(clean.filter(({ files }) => foundIn(files).length > 0).map(({ name }) => name)).toEqual([]);
});

describe('what is known only at deployment is not found', () => {
  const unknown: Record<string, unknown> = {
    'a parameter without a value': { Ref: 'P' },
    'a dynamic reference': '{{resolve:ssm:/actions/bedrock}}',
    'the attribute of a custom resource': { 'Fn::GetAtt': ['Custom', 'Action'] },
    'an import from outside the app': { 'Fn::ImportValue': 'elsewhere' },
    'a macro': { 'Fn::Transform': { Name: 'Macro' } },
    'a place beyond the end of a list': { 'Fn::Select': [7, ['bedrock:InvokeModel']] },
  };
  test.each(Object.entries(unknown))('%s', (_name, Action) => {
    const Properties = { PolicyDocument: { Statement: allow({ Action, Resource: '*' }) } };
    const Resources = { Custom: { Type: 'Custom::X' }, Policy: { Type: 'AWS::IAM::Policy', Properties } };
    const content = { Parameters: { P: { Type: 'String' } }, Resources };
    expect(foundIn([{ name: 'main', content }])).toEqual([]);
  });
});

describe('JSON text', () => {
  const foundInText = (text: string): string[] => {
    const set = { Type: 'AWS::SSO::PermissionSet', Properties: { InlinePolicy: { 'Fn::Sub': text } } };
    return foundIn([{ name: 'main', content: { Parameters: { P: { Type: 'String' } }, Resources: { Set: set } } }]);
  };
  test('is read beside a value that is known only at deployment', () => {
    expect(foundInText('{"Statement":{"Effect":"Allow","Action":"bedrock:*","Resource":${P}}}')).toEqual(['BedrockNoWildcard']);
  });
  test('that is no JSON is not found', () => {
    expect(foundInText('{"Statement":{"Effect":"Allow","Action":"bedrock:*"')).toEqual([]);
  });
});

test('the value that a template gives to a parameter of Systems Manager is read', () => {
  const foundBy = (attribute: string) => foundIn([{
    name: 'main',
    content: {
      Resources: {
        Actions: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'bedrock:*' } },
        Policy: {
          Type: 'AWS::IAM::Policy',
          Properties: { PolicyDocument: { Statement: allow({ Action: { 'Fn::GetAtt': ['Actions', attribute] }, Resource: MODEL }) } },
        },
      },
    },
  }]);
  expect(foundBy('Value')).toEqual(['BedrockNoWildcard']);
  expect(foundBy('Type')).toEqual([]);
});

describe('the role of a function is found, so that the function must use the runtime', () => {
  const arn = { 'Fn::GetAtt': ['Role', 'Arn'] };
  const may = { PolicyName: 'P', PolicyDocument: { Statement: allow({ Action: 'bedrock:InvokeModel', Resource: MODEL }) } };
  const role = { Type: 'AWS::IAM::Role', Properties: { Policies: [may] } };
  const fn = (Role: unknown) => ({ Type: 'AWS::Lambda::Function', Properties: { Role, Handler: 'index.handler', Runtime: 'nodejs22.x' } });
  const nestedStack = { Type: 'AWS::CloudFormation::Stack', Properties: { Parameters: { Given: arn } } };
  const isNoticed = (...files: TemplateFile[]) => foundIn(files).includes('FunctionUsesRuntimeLayer');

  const written: Record<string, unknown> = {
    'a reference': { Ref: 'Role' },
    'an attribute': arn,
    'an attribute as one text': { 'Fn::GetAtt': 'Role.Arn' },
    'one of two cases': { 'Fn::If': ['IsOurs', 'arn:aws:iam::111122223333:role/other', arn] },
    'an ARN put together': { 'Fn::Join': ['', ['arn:aws:iam::111122223333:role/', { Ref: 'Role' }]] },
    'a part of a text': { 'Fn::Select': [0, { 'Fn::Split': [',', arn] }] },
    'a text that is its ARN': { 'Fn::Sub': '${Role.Arn}' },
    'a text that ends with its name': { 'Fn::Sub': 'arn:aws:iam::111122223333:role/${Role}' },
    'a text with a variable': { 'Fn::Sub': ['${Arn}', { Arn: arn }] },
  };
  test.each(Object.entries(written))('by %s', (_name, value) => {
    expect(isNoticed({ name: 'main', content: { Resources: { Role: role, Function: fn(value) } } })).toBe(true);
  });

  test.each(Object.entries({
    'goes on after its name': { 'Fn::Sub': 'arn:aws:iam::111122223333:role/${Role}-other' },
    'goes on after a part': { 'Fn::Join': ['', [{ Ref: 'Role' }, '-other']] },
    'is written out': 'arn:aws:iam::111122223333:role/other',
  }))('but not by a text that %s', (_name, value) => {
    expect(isNoticed({ name: 'main', content: { Resources: { Role: role, Function: fn(value) } } })).toBe(false);
  });

  test('in another template, by its export', () => {
    const Outputs = { Other: { Value: 'x' }, Arn: { Value: arn, Export: { Name: { 'Fn::Sub': 'the-role' } } } };
    const user = (name: string) => ({ name: 'main', content: { Resources: { Function: fn({ 'Fn::ImportValue': name }) } } });
    expect(isNoticed({ name: 'roles', content: { Resources: { Role: role }, Outputs } }, user('the-role'))).toBe(true);
    expect(isNoticed({ name: 'roles', content: { Resources: { Role: role }, Outputs } }, user('another'))).toBe(false);
  });

  test('in a nested stack, by its output', () => {
    const caller = fn({ 'Fn::GetAtt': ['Nested', 'Outputs.Arn'] });
    const user = { name: 'main', content: { Resources: { Nested: nestedStack, Function: caller } } };
    const nested = { content: { Resources: { Role: role }, Outputs: { Arn: { Value: arn } } }, nestedIn: { file: 'main', id: 'Nested' } };
    expect(isNoticed(user, { name: 'nested', ...nested })).toBe(true);
    expect(isNoticed(user, { name: 'nested', ...nested, nestedIn: { file: 'main', id: 'Another' } })).toBe(false);
  });

  test('in the parent, by the parameter that it gives to a nested stack', () => {
    const parent = { name: 'main', content: { Resources: { Role: role, Nested: nestedStack } } };
    const inside = (parameter: string) => isNoticed(parent, {
      name: 'nested',
      content: { Parameters: { [parameter]: { Type: 'String' } }, Resources: { Function: fn({ Ref: parameter }) } },
      nestedIn: { file: 'main', id: 'Nested' },
    });
    expect(inside('Given')).toBe(true);
    expect(inside('NotGiven')).toBe(false);
  });
});

test('what SAM gives to all functions is each function\'s own, and put together with what it has', () => {
  const foundWith = (globals: object, own: object) => foundIn([{
    name: 'main',
    content: {
      Globals: { Function: { Runtime: 'nodejs22.x', ...globals } },
      Resources: { Function: { Type: 'AWS::Serverless::Function', Properties: { Handler: 'index.handler', ...own } } },
    },
  }]);
  const key = { Environment: { Variables: { AWS_BEARER_TOKEN_BEDROCK: 'x' } } };
  const policies = { Policies: ['AdministratorAccess'] };
  expect(foundWith(policies, {})).toContain('BedrockNoFullAccessPolicy');
  expect(foundWith(policies, { Policies: ['ReadOnlyAccess'] })).toContain('BedrockNoFullAccessPolicy');
  expect(foundWith({}, { Policies: ['ReadOnlyAccess'] })).not.toContain('BedrockNoFullAccessPolicy');
  const named = foundWith({ ...policies, ...key }, { Environment: { Variables: { OTHER: 'y' } } });
  expect(named.length).toBeGreaterThan(foundWith(policies, { Environment: { Variables: { OTHER: 'y' } } }).length);
});

test('a template that names itself in a circle is read to its end', () => {
  const content = {
    Resources: {
      Nested: { Type: 'AWS::CloudFormation::Stack', Properties: { Parameters: { P: { 'Fn::GetAtt': ['Nested', 'Outputs.O'] } } } },
      Policy: {
        Type: 'AWS::IAM::Policy',
        Properties: { PolicyDocument: { Statement: allow({ Action: { 'Fn::GetAtt': ['Nested', 'Outputs.O'] }, Resource: MODEL }) } },
      },
    },
  };
  const nested = { Parameters: { P: { Type: 'String' } }, Outputs: { O: { Value: { Ref: 'P' } } } };
  expect(foundIn([{ name: 'main', content }, { name: 'nested', content: nested, nestedIn: { file: 'main', id: 'Nested' } }])).toEqual([]);
});

test('the rules need no construct', () => {
  expect(CHECK_RULES.length).toBeGreaterThan(0);
  const Properties = { Policies: ['AdministratorAccess'], Handler: 'index.handler', Runtime: 'nodejs22.x' };
  const content = { Resources: { Function: { Type: 'AWS::Serverless::Function', Properties } } };
  const found = foundIn([{ name: 'main', content }]);
  expect(found).toEqual(['BedrockNoFullAccessPolicy', 'FunctionUsesRuntimeLayer', 'FunctionHasMandatoryAlarms']);
});
