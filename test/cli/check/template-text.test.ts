import { lineOf, parseTemplate } from '../../../cli/check/template-text';

const yaml = (text: string): unknown => parseTemplate(text, 'template.yaml');

test.each<[short: string, long: unknown]>([
  ['!Ref Role', { Ref: 'Role' }],
  ['!Condition IsProd', { Condition: 'IsProd' }],
  ['!GetAtt Role.Arn', { 'Fn::GetAtt': ['Role', 'Arn'] }],
  ['!GetAtt Nested.Outputs.RoleArn', { 'Fn::GetAtt': ['Nested', 'Outputs.RoleArn'] }],
  ['!GetAtt [Role, Arn]', { 'Fn::GetAtt': ['Role', 'Arn'] }],
  ['!Sub "arn:${AWS::Partition}:x"', { 'Fn::Sub': 'arn:${AWS::Partition}:x' }],
  ['!Sub ["${A}", { A: !Ref B }]', { 'Fn::Sub': ['${A}', { A: { Ref: 'B' } }] }],
  ['!Join [":", [a, !Ref B, !If [C, d, !Ref "AWS::NoValue"]]]',
    { 'Fn::Join': [':', ['a', { Ref: 'B' }, { 'Fn::If': ['C', 'd', { Ref: 'AWS::NoValue' }] }]] }],
  ['!Select [0, !GetAZs ""]', { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }],
  ['!FindInMap [Map, !Ref "AWS::Region", Model]', { 'Fn::FindInMap': ['Map', { Ref: 'AWS::Region' }, 'Model'] }],
  ['!ImportValue\n  Fn::Sub: "${A}-role"', { 'Fn::ImportValue': { 'Fn::Sub': '${A}-role' } }],
  ['!Base64 |\n  line', { 'Fn::Base64': 'line\n' }],
  ['!Transform { Name: Include }', { 'Fn::Transform': { Name: 'Include' } }],
])('%s', (short, long) => {
  expect(yaml(`Key: ${short}`)).toEqual({ Key: long });
});

test('dates and versions stay texts, as CloudFormation reads them', () => {
  expect(yaml('Version: 2012-10-17\nAnswer: yes\nPort: 080')).toEqual({ Version: '2012-10-17', Answer: 'yes', Port: 80 });
});

test('Windows line ends, a byte-order mark, anchors and comments are read', () => {
  expect(yaml('\uFEFF# top\r\nA: &a [x]\r\nB: *a\r\n')).toEqual({ A: ['x'], B: ['x'] });
  expect(parseTemplate('\uFEFF{ "A": 1 }', 't.json')).toEqual({ A: 1 });
});

test('JSON with comments, which CloudFormation refuses and editors write, is read all the same', () => {
  expect(parseTemplate('{ "A": [1, 2], }', 't.json')).toEqual({ A: [1, 2] });
});

test.each<[text: string, value: unknown]>([
  ["B: !Sub '{\n      x: 1\n  }'", { 'Fn::Sub': '{ x: 1 }' }],
  ['B: "x\ny\n\nz"', 'x y\nz'],
  ['B: {\n    x: [\n  1\n  ]\n  }', { x: [1] }],
  ['B:\n    - {\n  x: 1,\n  y: 2\n  }', [{ x: 1, y: 2 }]],
])('what is quoted or in brackets may end below its key, as CloudFormation takes it: %j', (text, value) => {
  expect(yaml(`A:\n  ${text}\n  C: 2\n`)).toEqual({ A: { B: value, C: 2 } });
  expect(yaml(`A:\n  ${text}\n  C: 2\n`.replaceAll('\n', '\r\n'))).toEqual({ A: { B: value, C: 2 } });
});

test.each(["A: 'x\n", 'A: {\nx: 1\n', 'A: [1,\n', 'A: b\nc\nD: e\n', 'A: {x: 1]\nB: 2\n'])('%j stays an error', text => {
  expect(() => yaml(text)).toThrow(/^template\.yaml is neither JSON nor YAML/);
});

test('a text that is neither is an error that says where', () => {
  expect(() => parseTemplate('{ "A": [1, ', 'broken.json')).toThrow(/^broken\.json is neither JSON nor YAML: .* at line 1/);
  expect(() => yaml('A: [1\nB: }')).toThrow(/^template\.yaml is neither JSON nor YAML/);
});

test('a text that would grow without end is an error', () => {
  const levels = Array.from({ length: 12 }, (_, level) => `l${level + 1}: &l${level + 1} [${Array(9).fill(`*l${level}`).join(', ')}]`);
  expect(() => yaml(`l0: &l0 x\n${levels.join('\n')}`)).toThrow(/template\.yaml cannot be read: /);
});

test('the line of a resource is the one of its definition, not of a parameter or a reference of that name', () => {
  const text = 'Parameters:\n  Role: { Type: String }\nResources:\n  Other:\n    Type: X\n  Role:\n    Type: Y\n';
  expect(lineOf(text, 'Role')).toBe(6);
  expect(lineOf(JSON.stringify({ Parameters: { Role: 1 }, Resources: { Other: 2, Role: 3 } }, null, 1), 'Role')).toBe(7);
  expect(lineOf('{"Resources":{"Role":{}}}', 'Absent')).toBe(1);
});
