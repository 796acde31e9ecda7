import { Annotations as CdkAnnotations, App, CfnParameter, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { existingFunction, MODEL, newStack, standardLambda, warningsOf, warningText } from './support';
import { BedrockGrants, BedrockTaskRole, StandardLambda, StandardLambdaMixin } from '../../src';
import { CLIENT_POLICY, FUNCTION_SETTINGS } from '../../src/contract/data';

const seconds = (timeout: number) => ({ timeout: Duration.seconds(timeout) });

function caller(stack: Stack, timeout?: number): StandardLambda {
  const role = new BedrockTaskRole(stack, 'Role', { allowedModels: [MODEL] });
  return standardLambda(stack, { role, ...(timeout !== undefined && seconds(timeout)) });
}

describe('a StandardLambda of which nobody said more', () => {
  test('has the time and memory of the contract, and no warning', () => {
    const stack = newStack();
    caller(stack);
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', { Timeout: 200, MemorySize: 512 });
    expect(warningsOf(stack)).toEqual([]);
  });

  test('can run every attempt of a call into its time-out, with the waits between them and what is kept to answer', () => {
    const { connectTimeoutMs, readTimeoutMs, maxAttempts, maxRetryWaitMs, deadlineReserve } = CLIENT_POLICY;
    const whole = maxAttempts * (connectTimeoutMs + readTimeoutMs.default) + (maxAttempts - 1) * maxRetryWaitMs + deadlineReserve.ms;
    expect(FUNCTION_SETTINGS.defaults.timeoutSeconds * 1000).toBeGreaterThanOrEqual(whole);
    expect(FUNCTION_SETTINGS.defaults.timeoutSeconds * 1000).toBeLessThan(whole + 10_000);
  });

  test('keeps what its user chose', () => {
    const stack = newStack();
    standardLambda(stack, { ...seconds(10), memorySize: 256 });
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', { Timeout: 10, MemorySize: 256 });
  });
});

describe('a function that ends before an attempt of a model call may', () => {
  test.each([[3, true], [61, true], [62, false], [900, false]])('%s s: warned of: %s', (timeout, warned) => {
    const stack = newStack();
    caller(stack, timeout);
    expect(warningsOf(stack)).toEqual(warned ? ['functionTimeout'] : []);
  });

  test('is told how long the attempts of each task type take', () => {
    const stack = newStack();
    caller(stack, 30);
    expect(warningText(stack, 'functionTimeout')).toMatch(
      /ends after 30 s, .*synthesis 62 s, classification 17 s, embedding 12 s, embedding_batch 92 s/,
    );
  });

  const behindApi: [number, string[]][] = [[28, []], [12, []], [11, ['functionTimeout']]];

  test.each(behindApi)('behind API Gateway, which waits for 29 s, with %s s: %p', (timeout, warnings) => {
    const stack = newStack();
    const fn = caller(stack, timeout);
    new RestApi(stack, 'Api').root.addMethod('POST', new LambdaIntegration(fn.addAlias('live')));
    expect(warningsOf(stack)).toEqual(warnings);
  });

  test('behind another API it is warned of all the same', () => {
    const stack = newStack();
    caller(stack, 28);
    new RestApi(stack, 'Api').root.addMethod('POST', new LambdaIntegration(existingFunction(stack)));
    expect(warningsOf(stack)).toEqual(['functionTimeout']);
  });

  test('is warned of by the mixin when nobody chose: Lambda gives 3 s and 128 MB', () => {
    const stack = newStack();
    existingFunction(stack).with(new StandardLambdaMixin({ serviceName: 'cart' }));
    expect(warningsOf(stack).sort()).toEqual(['functionMemory', 'functionTimeout']);
    expect(warningText(stack, 'functionTimeout')).toContain('3 s, which is Lambda\'s default');
  });

  test('is warned of with any role that BedrockGrants let call a model, also when that came later', () => {
    const stack = newStack();
    BedrockGrants.grantInvoke(standardLambda(stack, seconds(30)), [MODEL]);
    expect(warningsOf(stack)).toEqual(['functionTimeout']);
  });

  test('is nobody\'s fault where no model is called and somebody chose', () => {
    const stack = newStack();
    standardLambda(stack, seconds(10));
    expect(warningsOf(stack)).toEqual([]);
  });
});

test.each([[128, ['functionMemory']], [129, []]])('%s MB of memory: %p', (memorySize, warnings) => {
  const stack = newStack();
  standardLambda(stack, { memorySize });
  expect(warningsOf(stack)).toEqual(warnings);
});

test('what the template holds counts, overrides included; a limit that is known only at deployment is not warned of', () => {
  const stack = newStack();
  const fn = caller(stack);
  const resource = fn.node.defaultChild as CfnFunction;
  resource.addPropertyOverride('MemorySize', 128);
  resource.addPropertyOverride('Timeout', { Ref: new CfnParameter(stack, 'Timeout', { type: 'Number' }).logicalId });
  expect(warningsOf(stack)).toEqual(['functionMemory']);
});

test.each([
  ['an annotation', (fn: StandardLambda) => CdkAnnotations.of(fn).acknowledgeWarning('cdk-plumbline:functionTimeout')],
  ['an acknowledgement with its reason', (fn: StandardLambda) =>
    Validations.of(fn).acknowledge({ id: 'cdk-plumbline:functionTimeout', reason: 'Embeddings only.' })],
])('a warning is given once, however often the app is synthesised, and is acknowledged by %s', (_way, acknowledge) => {
  const stack = newStack();
  const fn = caller(stack, 30);
  const app = stack.node.root as App;
  app.synth({ force: true });
  app.synth({ force: true });
  expect(warningsOf(stack)).toEqual(['functionTimeout']);
  acknowledge(fn);
  expect(warningsOf(stack)).toEqual([]);
});
