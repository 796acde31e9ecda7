import { App, CfnResource, Duration, Stack, Stage } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { HandlerKind, StandardLambda, Standards } from '../../src';

/** A service for each number, each with what its validations have to look for in the whole app. */
function addServices(scope: Stage, count: number): void {
  Standards.apply(scope, { product: 'Shop', environment: 'prod', checks: false });
  for (let number = 0; number < count; number++) {
    const stack = new Stack(scope, `S${number}`);
    const fn = new StandardLambda(stack, 'Fn', {
      serviceName: `s${number}`,
      kind: HandlerKind.EVENT,
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline('//'),
    });
    const queue = new Queue(stack, 'Queue', { visibilityTimeout: Duration.minutes(20) });
    fn.addEventSource(new SqsEventSource(queue));
  }
}

/** How often the resource that is rendered most often is, while an app is validated. */
function mostRenderings(count: number): number {
  const app = new App();
  addServices(app, count);
  const rendered = new Map<CfnResource, number>();
  const original = CfnResource.prototype._toCloudFormation;
  const spy = jest.spyOn(CfnResource.prototype, '_toCloudFormation').mockImplementation(function counted(this: CfnResource) {
    rendered.set(this, (rendered.get(this) ?? 0) + 1);
    return original.call(this) as object;
  });
  try {
    app.node.findAll().forEach(construct => construct.node.validate());
  } finally {
    spy.mockRestore();
  }
  return Math.max(...rendered.values());
}

test('reads each resource as often in a large app as in a small one, and at most three times', () => {
  const small = mostRenderings(2);
  expect(small).toBeGreaterThan(0);
  expect(small).toBeLessThanOrEqual(3);
  expect(mostRenderings(12)).toBe(small);
});

test('walks through an app as often for many functions as for few', () => {
  const walks = (count: number): number => {
    const app = new App();
    addServices(app, count);
    const spy = jest.spyOn(app.node, 'findAll');
    app.node.findAll().forEach(construct => construct.node.validate());
    return spy.mock.calls.length;
  };
  expect(walks(12)).toBe(walks(2));
});

describe('a second synthesis', () => {
  const clash = /same alarmName/i;
  const alarmOf = (stage: Stage, number: number): CfnAlarm =>
    stage.node.findAll().filter(one => one instanceof CfnAlarm).filter(one => one.node.path.includes(`S${number}/`))[0] as CfnAlarm;

  test.each([
    ['an app', (app: App): Stage => app],
    ['a stage', (app: App): Stage => new Stage(app, 'Stage')],
  ])('of %s sees what has changed since the first', (_name, stageOf) => {
    const app = new App();
    const stage = stageOf(app);
    addServices(stage, 2);
    stage.synth();
    alarmOf(stage, 1).addPropertyOverride('AlarmName', alarmOf(stage, 0).alarmName);
    expect(() => app.synth({ force: true })).toThrow(clash);
    alarmOf(stage, 1).addPropertyOverride('AlarmName', 'another');
    expect(() => app.synth({ force: true })).not.toThrow();
  });
});
