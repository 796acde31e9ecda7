import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { VIRGINIA } from './support/endpoint-stack';
import { BLOCKS } from './support/page-blocks';

const PAGES = ['sagemaker.md', 'platforms.md'];
const FILE = join(__dirname, 'support', 'page-blocks.ts');
const CODE = PAGES.map(page => readFileSync(join(__dirname, '..', '..', 'docs', page), 'utf8'))
  .flatMap(page => [...page.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, code]) => code));

/* The compiler checks the file with the rest of the tests, once, where a compiler of this test's own would take half a minute. */
test('support/page-blocks.ts holds the blocks of the pages; PLUMBLINE_UPDATE_DOCS=1 writes them', () => {
  const text = readFileSync(FILE, 'utf8');
  const [begin] = /^[^]*\/\/ Blocks of the pages:\n/.exec(text)!;
  const current = [
    begin,
    ...CODE.map((code, index) => `function block${index}(this: Stack, { ${thingsIn(code)} }: Things): void {\n${code}}\n\n`),
    'export const BLOCKS: readonly ((this: Stack, things: Things) => void)[] = '
      + `[${CODE.map((_code, index) => `block${index}`).join(', ')}];\n`,
  ].join('');
  if (process.env.PLUMBLINE_UPDATE_DOCS) writeFileSync(FILE, current);
  else expect(text).toBe(current);
});

/** Those that the block does not define itself, of those that it uses as they are. */
const thingsIn = (code: string): string =>
  ['alarmTopic', 'bucket', 'errorTopic', 'fn', 'userPool']
    .filter(thing => new RegExp(`[{(,] ?${thing}[,) ]|^ +${thing},`, 'm').test(code)).join(', ');

const NAMED = CODE.map((code, index) => [/(?:GenAiEndpoint|GenerationPlatform)\(this, '(\w+)'/.exec(code)?.[1], index] as const);

test.each(NAMED)('the block of %s synthesises without a warning', (_id, index) => {
  const stack = new Stack(new App(), 'Stack', VIRGINIA);
  BLOCKS[index].call(stack, {
    alarmTopic: new Topic(stack, 'Alarms'),
    bucket: new Bucket(stack, 'Bucket'),
    errorTopic: new Topic(stack, 'Topic'),
    fn: new Function(stack, 'Function', {
      code: Code.fromInline('exports.handler = 1'), handler: 'index.handler', runtime: Runtime.NODEJS_22_X,
    }),
    userPool: new UserPool(stack, 'Users'),
  });
  expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  Template.fromStack(stack).resourceCountIs('AWS::SageMaker::Endpoint', 1);
});
