import { App, CfnMapping, CfnParameter, CfnResource, Fn, Lazy, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference';
import { resolvedText, resolvedTexts } from '../../../src/standards/late-values/resolved-text';

/** Each way to write a text by which a resource may be named. */
const TEXTS: Record<string, (stack: Stack) => string> = {
  'a literal': () => 'arn:aws:s3:::data/*',
  'an attribute': stack => new Bucket(stack, 'Data').arnForObjects('training/*'),
  'a pseudo parameter': stack => `arn:${stack.partition}:bedrock:${stack.region}::x/*`,
  'a parameter': stack => `${new CfnParameter(stack, 'P').valueAsString}/*`,
  'an import': () => `${Fn.importValue('Data')}/*`,
  'an import of a joined name': stack => `${Fn.importValue(`Data-${stack.region}`)}/*`,
  'a mapping': stack => `${new CfnMapping(stack, 'M', { mapping: { a: { b: 'c' } } }).findInMap(stack.region, 'b')}/*`,
  'Fn::Sub': () => `${Fn.sub('arn:${AWS::Partition}:s3:::${Name}')}/*`,
  'Fn::Sub with variables': () => `${Fn.sub('arn:${A}', { A: 'x' })}/*`,
  'Fn::Select of Fn::Split': stack => `${Fn.select(0, Fn.split('/', new CfnParameter(stack, 'P').valueAsString))}/*`,
  'a join with a delimiter': stack => Fn.join('-', ['a', stack.region, '*']),
  'a join of a list that is not known': stack => Fn.join('-', new CfnParameter(stack, 'P', { type: 'CommaDelimitedList' }).valueAsList),
  'a lazy text': () => Lazy.string({ produce: () => 'arn:aws:s3:::lazy/*' }),
  'a braced literal': () => 'arn:aws:s3:::data/${aws:username}/*',
};

test.each(Object.keys(TEXTS).filter(way => way !== 'a join of a list that is not known'))('%s reads as cdk-nag writes it', way => {
  const stack = new Stack(new App(), 'Stack');
  const text = TEXTS[way](stack);
  expect(resolvedText(stack, text)).toBe(flattenCfnReference(stack.resolve(text)));
});

test('a list that is not known reads as it is written', () => {
  const stack = new Stack(new App(), 'Stack');
  expect(resolvedText(stack, TEXTS['a join of a list that is not known'](stack))).toBe('{"Fn::Join":["-",{"Ref":"P"}]}');
});

test('a statement keeps its form, each text of it readable', () => {
  const stack = new Stack(new App(), 'Stack');
  new CfnResource(stack, 'R', { type: 'AWS::S3::Bucket' });
  expect(resolvedTexts(stack, { Resource: [Fn.getAtt('R', 'Arn'), 'x'], Condition: { Bool: { a: true } } }))
    .toEqual({ Resource: ['<R.Arn>', 'x'], Condition: { Bool: { a: true } } });
});
