import { TemplateFile } from '../../../../src/governance/pack/template/template';

/** A text written with intrinsic functions, and what the template and its neighbours must hold for it. */
export interface WrittenText {
  readonly value: unknown;
  readonly sections?: Record<string, Record<string, unknown>>;
  /** Other templates of the app. */
  readonly others?: TemplateFile[];
  /** Set when the template under test is a nested stack of one of them. */
  readonly nestedIn?: TemplateFile['nestedIn'];
  /** Whether the value is a list: it cannot be put into a text. */
  readonly isList?: boolean;
}

type Way = (text: string) => WrittenText;

const half = (text: string): [string, string] => [text.slice(0, Math.floor(text.length / 2)), text.slice(Math.floor(text.length / 2))];
const parameter = (definition: object): WrittenText['sections'] => ({ Parameters: { P: { Type: 'String', ...definition } } });
const mapping = (value: unknown): WrittenText['sections'] => ({ Mappings: { M: { one: { key: value }, two: { key: 's3:GetObject' } } } });
const ref = { Ref: 'P' };

/** Every way to write a text that a reader of the templates can follow. */
export const WAYS_TO_WRITE_A_TEXT: Readonly<Record<string, Way>> = {
  'a literal': text => ({ value: text }),
  'a list': text => ({ value: ['s3:GetObject', text], isList: true }),
  'Fn::Join': text => ({ value: { 'Fn::Join': ['', half(text)] } }),
  'Fn::Join over Fn::Split': text => ({ value: { 'Fn::Join': [':', { 'Fn::Split': [':', text] }] } }),
  'Fn::Sub with a variable': text => ({ value: { 'Fn::Sub': ['${A}${B}', { A: half(text)[0], B: half(text)[1] }] } }),
  'Fn::Sub with a parameter': text => ({ value: { 'Fn::Sub': `${half(text)[0]}\${P}` }, sections: parameter({ Default: half(text)[1] }) }),
  'Fn::Sub with a mapping': text => ({
    value: { 'Fn::Sub': ['${A}', { A: { 'Fn::FindInMap': ['M', 'one', 'key'] } }] },
    sections: mapping(text),
  }),
  'the default of a parameter': text => ({ value: ref, sections: parameter({ Default: text }) }),
  'an allowed value of a parameter': text => ({ value: ref, sections: parameter({ AllowedValues: ['s3:GetObject', text] }) }),
  'a CommaDelimitedList': text => ({
    value: ref,
    sections: parameter({ Type: 'CommaDelimitedList', Default: `s3:GetObject, ${text}` }),
    isList: true,
  }),
  'one of a CommaDelimitedList': text => ({
    value: { 'Fn::Select': [1, ref] },
    sections: parameter({ Type: 'CommaDelimitedList', Default: `s3:GetObject,${text}` }),
  }),
  'Fn::Select of a list': text => ({ value: { 'Fn::Select': ['1', ['s3:GetObject', text]] } }),
  'Fn::Select of Fn::Split': text => ({ value: { 'Fn::Select': [0, { 'Fn::Split': [',', `${text},s3:GetObject`] }] } }),
  'Fn::Split': text => ({ value: { 'Fn::Split': ['|', `s3:GetObject|${text}`] }, isList: true }),
  'Fn::FindInMap': text => ({ value: { 'Fn::FindInMap': ['M', 'one', 'key'] }, sections: mapping(text) }),
  'Fn::FindInMap by Region': text => ({ value: { 'Fn::FindInMap': ['M', { Ref: 'AWS::Region' }, 'key'] }, sections: mapping(text) }),
  'Fn::FindInMap of a list': text => ({
    value: { 'Fn::FindInMap': ['M', 'one', 'key'] },
    sections: mapping(['s3:GetObject', text]),
    isList: true,
  }),
  'the default of Fn::FindInMap': text => ({
    value: { 'Fn::FindInMap': ['M', 'three', 'key', { DefaultValue: text }] },
    sections: mapping('s3:PutObject'),
  }),
  'a branch of Fn::If': text => ({ value: { 'Fn::If': ['C', 's3:GetObject', text] } }),
  'Fn::If or nothing': text => ({ value: [{ 'Fn::If': ['C', text, { Ref: 'AWS::NoValue' }] }, 's3:GetObject'], isList: true }),
  'Fn::If around a list': text => ({ value: { 'Fn::If': ['C', [text], ['s3:GetObject']] }, isList: true }),
  'Fn::If within Fn::Join': text => ({ value: { 'Fn::Join': ['', [half(text)[0], { 'Fn::If': ['C', half(text)[1], 'x'] }]] } }),
  'Fn::ImportValue': text => ({
    value: { 'Fn::ImportValue': { 'Fn::Sub': 'shared-${P}' } },
    sections: parameter({ Default: 'text' }),
    others: [{ name: 'shared', content: { Outputs: { O: { Value: text, Export: { Name: 'shared-text' } } } } }],
  }),
  'an output of a nested stack': text => ({
    value: { 'Fn::GetAtt': ['Nested', 'Outputs.O'] },
    sections: { Resources: { Nested: { Type: 'AWS::CloudFormation::Stack', Properties: {} } } },
    others: [{ name: 'nested', content: { Outputs: { O: { Value: text } } }, nestedIn: { file: 'main', id: 'Nested' } }],
  }),
  'a parameter that the parent gives': text => ({
    value: ref,
    sections: parameter({ Default: 's3:GetObject' }),
    others: [{
      name: 'parent',
      content: { Resources: { Main: { Type: 'AWS::CloudFormation::Stack', Properties: { Parameters: { P: text } } } } },
    }],
    nestedIn: { file: 'parent', id: 'Main' },
  }),
  'an SSM parameter of the template': text => ({
    value: { 'Fn::GetAtt': 'Ssm.Value' },
    sections: { Resources: { Ssm: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: text } } } },
  }),
};
