import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Alias } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { newStack, standardLambda } from './support';

const synthesise = (stack: Stack): void => void (stack.node.root as App).synth();

function queueBehind(stack: Stack, visibilityTimeout?: Duration): Queue {
  return new Queue(stack, 'Jobs', { visibilityTimeout });
}

describe('a queue that shows a message again before the function must be done with it', () => {
  test.each<[string, Duration | undefined]>([
    ['by its default', undefined],
    ['a second too soon', Duration.seconds(199)],
  ])('does not synthesise: %s', (_how, visibility) => {
    const stack = newStack();
    standardLambda(stack).addEventSource(new SqsEventSource(queueBehind(stack, visibility)));
    expect(() => synthesise(stack)).toThrow(/Jobs.*timeout 200 s of the function[^]*Duration\.seconds\(1200\)/);
  });

  test('is found behind an alias, and in another stack', () => {
    const stack = newStack();
    const elsewhere = new Stack(stack.node.root as App, 'Elsewhere', { env: { account: stack.account, region: stack.region } });
    const fn = standardLambda(stack);
    new Alias(stack, 'Live', { aliasName: 'live', version: fn.currentVersion }).addEventSource(new SqsEventSource(queueBehind(elsewhere)));
    expect(() => synthesise(stack)).toThrow('Elsewhere/Jobs');
  });
});

const timeAtDeployment = (stack: Stack): Duration => Duration.seconds(new CfnParameter(stack, 'Time', { type: 'Number' }).valueAsNumber);

describe('a queue is accepted', () => {
  test.each<[string, (stack: Stack) => Duration | undefined, number | undefined]>([
    ['that waits as long as the function may take', () => Duration.seconds(200), undefined],
    ['by its default, of a function that is quicker', () => undefined, 30],
    ['whose time is known at deployment', timeAtDeployment, undefined],
  ])('%s', (_which, visibility, timeout) => {
    const stack = newStack();
    const fn = standardLambda(stack, timeout === undefined ? {} : { timeout: Duration.seconds(timeout) });
    fn.addEventSource(new SqsEventSource(queueBehind(stack, visibility(stack))));
    expect(() => synthesise(stack)).not.toThrow();
  });

  test('of another app', () => {
    const stack = newStack();
    const queue = Queue.fromQueueArn(stack, 'Imported', `arn:aws:sqs:${stack.region}:${stack.account}:jobs`);
    standardLambda(stack).addEventSource(new SqsEventSource(queue));
    expect(() => synthesise(stack)).not.toThrow();
  });
});
