import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnLayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { existingFunction, newStack, standardLambda } from './support';
import { HandlerKind, StandardLambdaMixin } from '../../src';

const PYTHON = { runtime: Runtime.PYTHON_3_13, handler: 'app.main.handler' };
const RUNTIMES = [Runtime.PYTHON_3_11, Runtime.PYTHON_3_12, Runtime.PYTHON_3_13, Runtime.PYTHON_3_14];

const BY_NAME: [string, Runtime][] = RUNTIMES.map(runtime => [runtime.name, runtime]);

test.each(BY_NAME)('a function on %s has the layer of its language, which calls its own handler', (_name, runtime) => {
  const stack = newStack();
  standardLambda(stack, { ...PYTHON, runtime });
  const template = Template.fromStack(stack);
  const [layer] = Object.keys(template.findResources('AWS::Lambda::LayerVersion', {
    Properties: { CompatibleRuntimes: RUNTIMES.map(({ name }) => name), Description: Match.stringLikeRegexp('runtime for Python') },
  }));
  template.hasResourceProperties('AWS::Lambda::Function', {
    Runtime: runtime.name,
    Handler: 'plumbline_layer.handler',
    Layers: [{ Ref: layer }],
    Environment: { Variables: Match.objectLike({ PLUMBLINE_HANDLER: 'app.main.handler', PLUMBLINE_KIND: 'AUTO' }) },
  });
  template.resourceCountIs('AWS::Lambda::LayerVersion', 1);
});

test('functions of both languages stand in one stack, each with its own layer, shared by those of its language', () => {
  const stack = newStack();
  standardLambda(stack);
  for (const id of ['One', 'Two']) standardLambda(stack, PYTHON, id);
  expect(stack.node.findAll().filter(child => child instanceof CfnLayerVersion)).toHaveLength(2);
});

test('the mixin gives a function that exists the same', () => {
  const stack = newStack();
  new StandardLambdaMixin({ serviceName: 'chat' }).applyTo(existingFunction(stack, PYTHON));
  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', { Handler: 'plumbline_layer.handler' });
});

test('a Python function cannot have the standard twice', () => {
  const fn = standardLambda(newStack(), PYTHON);
  expect(() => new StandardLambdaMixin({ serviceName: 'chat' }).applyTo(fn)).toThrow(/has the standard already/);
});

test('kind STREAM is refused, and the error names the alternatives', () => {
  expect(() => standardLambda(newStack(), { ...PYTHON, kind: HandlerKind.STREAM }))
    .toThrow(/Python runtimes do not stream[^]*HandlerKind\.API[^]*Node\.js function[^]*container/);
});

test.each([Runtime.PYTHON_3_9, Runtime.PYTHON_3_10])('a Python older than 3.11 is refused: %p', runtime => {
  expect(() => standardLambda(newStack(), { ...PYTHON, runtime })).toThrow(/no runtime layer[^]*Python 3\.11 or newer/);
});
