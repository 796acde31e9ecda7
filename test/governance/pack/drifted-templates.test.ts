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
const missed = drifted.filter(found => !isFound(found)).map(({ name }) => name);
const flagged = clean.filter(({ files }) => foundIn(files).length > 0).map(({ name }) => name);

test(`${drifted.length - missed.length} of ${drifted.length} drifted templates are found`, () => {
  expect(drifted.length).toBeGreaterThanOrEqual(150);
  expect(missed).toEqual([]);
});

test(`${flagged.length} of ${clean.length} clean templates are flagged`, () => {
  expect(clean.length).toBeGreaterThanOrEqual(60);
  expect(flagged).toEqual([]);
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
